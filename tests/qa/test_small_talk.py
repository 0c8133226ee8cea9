from pathlib import Path

import pytest

from index.errors import KnowledgeBaseError
from qa.small_talk import FILE, SmallTalk

OWN = """fillers = ["dear"]

[greeting]
phrases = ["ahoy", "good day"]
reply = "Ahoy.\\n What is it?"

[thanks]
phrases = ["ta"]
reply = "Not at all."
"""


@pytest.fixture(scope="module")
def shipped() -> SmallTalk:
    return SmallTalk.load()


def own(folder: Path, text: str = OWN) -> SmallTalk:
    (folder / FILE).write_text(text, "utf-8")
    return SmallTalk.beside(folder)


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ("hello", "Hello. What would you like to know?"),
        ("Hi there!", "Hello. What would you like to know?"),
        ("HEY 👋", "Hello. What would you like to know?"),
        ("Hiiii", "Hello. What would you like to know?"),
        ("thanks a lot", "You're welcome."),
        ("Thank you so much for your help!", "You're welcome."),
        ("ok thanks, bye", "Goodbye."),  # the last phrase counts
        ("Hi, how are you?", "All is well here. What would you like to know?"),
        ("Guten Tag!", "Guten Tag. Was möchten Sie wissen?"),
        ("¡Muchas gracias!", "De nada."),
        ("Au revoir", "Au revoir."),
    ],
)
def test_a_message_that_is_small_talk_has_a_reply(
    shipped: SmallTalk, message: str, reply: str
) -> None:
    assert shipped.reply(message) == reply


def test_who_and_what_it_is_can_be_asked(shipped: SmallTalk) -> None:
    assert (shipped.reply("Who are you?") or "").startswith("This is a program, not a person.")
    assert (shipped.reply("What can you do?") or "").startswith("Ask a question in your own words.")
    assert shipped.reply("help") == shipped.reply("Can you help me, please?")


@pytest.mark.parametrize(
    "message",
    [
        "hello, how wide is the DMZ?",
        "thanks, and how wide?",
        "who are you talking about",
        "help me cancel my order",
        "how do you do this",
        "good morning meetings",
        "please",  # fillers alone say nothing
        "there there",
        "?!",
        "",
        "hi " * 30,  # nobody greets thirty times
    ],
)
def test_a_message_that_says_anything_else_has_none(shipped: SmallTalk, message: str) -> None:
    assert shipped.reply(message) is None


def test_the_replies_are_short_and_plain(shipped: SmallTalk) -> None:
    for reply in shipped.replies.values():
        assert len(reply) <= 150
        assert not {"!", "I", "I'm", "sorry", "Sorry"} & set(reply.replace("!", " ! ").split())


def test_a_question_of_the_faq_is_no_small_talk(shipped: SmallTalk) -> None:
    talk = shipped.without(["Who are you?", "How wide is it?"])
    assert talk.reply("who are you") is None
    assert talk.reply("hello") == "Hello. What would you like to know?"


def test_a_knowledge_base_may_have_its_own(tmp_path: Path) -> None:
    talk = own(tmp_path)
    assert talk.reply("Ahoy, dear!") == "Ahoy. What is it?"
    assert talk.reply("hello") is None


def test_without_one_it_has_the_shipped(tmp_path: Path, shipped: SmallTalk) -> None:
    assert SmallTalk.beside(tmp_path) == shipped


def test_an_empty_file_turns_small_talk_off(tmp_path: Path) -> None:
    assert own(tmp_path, "").reply("hello") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[greeting\n",
            r"Expected '\]' at the end of a table declaration \(at line 1, column 10\)",
        ),
        ("[greeting]\nreply = 'Hi.'", r"\[greeting\] needs phrases and a reply, and nothing else"),
        ("greeting = 'hello'", r"\[greeting\] needs phrases and a reply, and nothing else"),
        (
            "[greeting]\nphrases = ['hi']\nreplies = ['Hi.']\nreply = 'Hi.'",
            r"\[greeting\] needs phrases and a reply, and nothing else",
        ),
        ("[a]\nphrases = 'hi'\nreply = 'Hi.'", r"\[a\] phrases is a list of texts"),
        ("[a]\nphrases = [1]\nreply = 'Hi.'", r"\[a\] phrases is a list of texts"),
        ("fillers = 'so'", r"fillers is a list of texts"),
        ("[a]\nphrases = ['!']\nreply = 'Hi.'", r"\[a\] phrases: '!' needs 1 to 8 words"),
        (
            "[a]\nphrases = ['1 2 3 4 5 6 7 8 9']\nreply = 'Hi.'",
            r"\[a\] phrases: .* needs 1 to 8 words",
        ),
        ("[a]\nphrases = ['hi']\nreply = ' '", r"\[a\] reply is a text of 1 to 500 characters"),
        ("[a]\nphrases = ['hi']\nreply = 3", r"\[a\] reply is a text of 1 to 500 characters"),
        (f"[a]\nphrases = ['hi']\nreply = '{'x' * 501}'", r"\[a\] reply is a text of 1 to 500"),
        ("#" * 100_001, r"larger than 100,000 bytes; shorten it"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_says_what_to_mend(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(
        KnowledgeBaseError, match=rf"small_talk\.toml: {problem}.*; mend or remove the file$"
    ):
        own(tmp_path, text)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(KnowledgeBaseError, match=r"cannot be read \(Is a directory\); mend or rem"):
        SmallTalk.beside(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(KnowledgeBaseError, match=r"latin\.toml: 'utf-8' codec can't decode"):
        SmallTalk.load(tmp_path / "latin.toml")
