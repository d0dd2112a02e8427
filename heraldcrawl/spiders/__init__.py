"""The spiders: one per section of the menu, ``latest`` for the feeds, ``article`` for addresses."""
