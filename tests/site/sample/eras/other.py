"""Pages that are no stories, and stories that only a browser, or a reader of JSON, can see."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from tests.site.sample.eras import social
from tests.site.sample.stories import picture_url
from tests.site.sample.surroundings import esc

if TYPE_CHECKING:
    from tests.site.sample.stories import Story


def not_found() -> str:
    return """<!DOCTYPE html><html lang="en"><head><title>404 Not Found</title></head>
<body><h1>Not Found</h1><p>The requested page was not found on this server.</p></body></html>"""


def soft_not_found() -> str:
    """Say what the old system said, with status 200, of a story it did not have. A guess."""
    return """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>The Korea Herald</title></head><body>
<script>alert('This article does not exist or has been deleted.'); history.back();</script>
<div class="main"><p>Sorry, the page you are looking for cannot be found.</p>
<p><a href="/">Go to the front page</a></p></div></body></html>"""


def challenge() -> str:
    return """<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title>
<meta name="robots" content="noindex,nofollow"></head><body>
<h1>Checking your browser before accessing www.koreaherald.com</h1>
<noscript>Please enable JavaScript and cookies to continue.</noscript>
<div id="challenge-form"><form action="/cdn-cgi/challenge?token=0" method="post"></form></div>
<script>setTimeout(function () { location.reload(); }, 5000);</script></body></html>"""


def consent() -> str:
    return """<!DOCTYPE html><html lang="en"><head><title>Before you continue</title></head><body>
<div class="consent"><h1>We value your privacy</h1>
<p>We and our partners store cookies on your device. Choose to accept or to refuse them.</p>
<button>Accept all</button><button>Refuse</button></div></body></html>"""


def strange(story: Story, url: str) -> str:
    """Put the story into markup that nobody has seen, as a redesign would."""
    paragraphs = "\n".join(f'<div class="css-9f3k"><p>{esc(p)}</p></div>' for p in story.paragraphs)
    figures = "\n".join(
        f'<figure><img src="{picture_url(story, p, "e4")}" alt=""><figcaption>{esc(p.printed)}'
        "</figcaption></figure>"
        for p in story.pictures
    )
    byline = f'<span class="css-by">By {esc(story.byline)}</span>' if story.byline else ""
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{esc(story.headline)} | KH</title>
{social(story, url, "e4")}
<link rel="canonical" href="{url}"></head>
<body><div id="root"><nav><a href="/">Home</a><a href="/National">National</a></nav>
<div class="css-1a2b"><header><h1 class="css-h">{esc(story.headline)}</h1>{byline}
<time datetime="{story.published.isoformat()}">{story.published:%d %B %Y}</time></header>
{figures}
<section class="css-77aa">
{paragraphs}
</section></div>
<aside><h4>More stories</h4><a href="/article/1">Another story</a></aside></div></body></html>
"""


def search_page() -> str:
    return "<!DOCTYPE html><html><head><title>Search</title></head><body>No result.</body></html>"


def needs_browser(story: Story, url: str) -> str:
    """Make an empty shell whose script decodes the story and builds today's markup from it."""
    packed = base64.b64encode(json.dumps(_state(story)).encode()).decode()
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>The Korea Herald</title>
<link rel="canonical" href="{url}"></head>
<body><main class="div_layout" id="app"></main>
<noscript>Please enable JavaScript.</noscript>
<script>
const bytes = Uint8Array.from(atob("{packed}"), (c) => c.charCodeAt(0));
const story = JSON.parse(new TextDecoder().decode(bytes));
const add = (parent, tag, text, attributes) => {{
  const element = document.createElement(tag);
  element.textContent = text;
  Object.assign(element, attributes || {{}});
  return parent.appendChild(element);
}};
const main = document.getElementById("app");
add(add(main, "div", "", {{className: "nav_area"}}), "a", story.section, {{className: "category"}});
add(main, "h1", story.headline, {{className: "news_title"}});
if (story.byline) add(main, "p", "By " + story.byline);
add(main, "p", "Published : " + story.published);
add(main, "p", "Updated : " + story.updated);
const body = add(main, "article", "", {{className: "article-body", id: "articleText"}});
story.paragraphs.forEach((text) => add(body, "p", text));
</script></body></html>
"""


def framework_state(story: Story, url: str) -> str:
    """Put the story only in a framework's state, as plain JSON in a script."""
    state = json.dumps({"props": {"pageProps": {"article": _state(story)}}}, ensure_ascii=False)
    state = state.replace("</", "<\\/")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{esc(story.headline)}</title>
{social(story, url, "e4")}
<link rel="canonical" href="{url}"></head>
<body><div id="__next"></div>
<script id="__NEXT_DATA__" type="application/json">{state}</script>
</body></html>
"""


def _state(story: Story) -> dict[str, object]:
    return {
        "section": story.path[-1],
        "headline": story.headline,
        "byline": story.byline,
        "published": story.published.isoformat(),
        "updated": story.modified.isoformat(),
        "paragraphs": list(story.paragraphs),
        "articleBody": "\n\n".join(story.paragraphs),
    }
