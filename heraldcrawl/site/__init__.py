"""All that is known of koreaherald.com: its addresses, menus, dates, lists and pages.

Nothing here knows of Scrapy's engine: values in, values out.
"""
