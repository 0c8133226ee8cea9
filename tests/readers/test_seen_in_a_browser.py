"""The words that a reader of HTML finds are those that a browser shows, in the same order."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.readers.shape import read
from tests.readers.test_html import ARTICLE
from tests.web.conftest import browser as browser

MANUAL = """<!doctype html><html lang=en><head><title>Pumps</title>
<style>.x{color:red}</style></head>
<body><main><h1>The p&shy;ump &amp; its &#xFB01;lter</h1>
<p>Press&nbsp;<kbd>Start</kbd>.<br>Wait <b>ten</b> sec<i>on</i>ds&#8203;.</p>
<p style="display:none">hidden <b>style</b></p><div popover>hidden popover</div>
<dialog>hidden dialog</dialog><template>hidden</template><p hidden>hidden</p>
<noscript>no script</noscript><script>"script"</script>
<table><caption>Hours</caption><tr><th>Day<th>From<tr><td>Monday<td><p>nine</p>sharp
<tr hidden><td>no<td>no</table>
<pre>first line
second  line</pre><blockquote>Quoted <q>said</q></blockquote>
<dl><dt>Term<dd>Meaning</dl><ol><li>one<li>two<ul><li>inner</ul></ol>
<figure><img alt="a picture" src="data:,"><figcaption>The pump</figcaption></figure>
</main></body>"""


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[dict[str, list[str]]]:
    """The words of each page as the browser shows them, without what is set beside the matter."""
    page = browser.new_page()
    words = {}
    for name, markup in (("manual", MANUAL), ("article", ARTICLE)):
        page.set_content(markup)
        page.evaluate(
            "document.querySelectorAll('body > header, nav, aside, footer, form, '"
            "+ '[aria-hidden=true]').forEach(element => element.remove())"
        )
        text = page.inner_text("main") if name == "manual" else page.inner_text("body")
        words[name] = spoken(text)
    yield words
    page.close()


def spoken(text: str) -> list[str]:
    unseen = {0xAD: None, 0x200B: None, 0xFB01: "fi"}
    return text.translate(unseen).replace("|", " ").replace("“", "").replace("”", "").split()


@pytest.mark.browser
@pytest.mark.parametrize(("name", "markup"), [("manual", MANUAL), ("article", ARTICLE)])
def test_the_words_are_those_that_a_browser_shows(
    name: str, markup: str, shown: dict[str, list[str]]
) -> None:
    (document,) = read("a.html", markup).documents

    assert spoken(document.text) == shown[name]
