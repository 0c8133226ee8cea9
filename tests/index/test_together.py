import threading
from collections.abc import Sequence

import pytest

from index.encoder import Embedded, Encoder, Role
from index.errors import EncoderError
from index.threads import FEW
from index.together import TogetherEncoder
from tests.keyword_encoder import KeywordEncoder

WORDS = ("wide", "long", "old", "who", "question")


class SlowEncoder(KeywordEncoder):
    """Notes what it is given; the first call lasts until it is let go. It cannot read "poison"."""

    def __init__(self) -> None:
        super().__init__(*WORDS)
        self.batches: list[list[str]] = []
        self.begun, self.let_go = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str], role: Role) -> list[Embedded]:
        self.batches.append(list(texts))
        if len(self.batches) == 1:
            self.begun.set()
            assert self.let_go.wait(30)
        if "poison" in texts:
            raise EncoderError("poison cannot be read")
        return super().embed(texts, role)


class Askers:
    """Threads that each ask for some texts while the encoder is busy with the first of them."""

    def __init__(self, slow: SlowEncoder) -> None:
        self._slow, self._together = slow, TogetherEncoder(slow)
        self.found: dict[int, list[Embedded]] = {}
        self.errors: dict[int, Exception] = {}

    def ask(self, *each: Sequence[str]) -> None:
        threads = [threading.Thread(target=self._ask, args=one) for one in enumerate(each)]
        threads[0].start()
        assert self._slow.begun.wait(30)
        for number, thread in enumerate(threads[1:], start=1):
            thread.start()
            while len(self._together.waiting) < number:
                pass
        self._slow.let_go.set()
        for thread in threads:
            thread.join(30)

    def _ask(self, number: int, texts: Sequence[str]) -> None:
        try:
            self.found[number] = self._together.embed(texts, "query")
        except EncoderError as error:
            self.errors[number] = error


def alone(texts: Sequence[str]) -> list[list[float]]:
    return [one.vector.tolist() for one in KeywordEncoder(*WORDS).embed(texts, "query")]


def vectors(found: Sequence[Embedded]) -> list[list[float]]:
    return [one.vector.tolist() for one in found]


def test_who_asks_alone_waits_for_nobody() -> None:
    slow = SlowEncoder()
    slow.let_go.set()
    encoder: Encoder = TogetherEncoder(slow)
    assert vectors(encoder.embed(["how wide"], "query")) == alone(["how wide"])
    assert slow.batches == [["how wide"]]
    assert encoder.name == slow.name
    assert encoder.fingerprint == slow.fingerprint


def test_those_who_ask_meanwhile_go_together_and_each_gets_its_own() -> None:
    slow = SlowEncoder()
    askers = Askers(slow)
    askers.ask(["how wide"], ["how long"], ["who built it", "when"], ["how old"])
    assert slow.batches == [["how wide"], ["how long", "who built it", "when", "how old"]]
    assert vectors(askers.found[2]) == alone(["who built it", "when"])
    assert vectors(askers.found[3]) == alone(["how old"])


def test_no_more_go_together_than_gain_by_it() -> None:
    slow = SlowEncoder()
    askers = Askers(slow)
    askers.ask(["first"], *([f"question {number}"] for number in range(FEW + 2)))
    assert [len(call) for call in slow.batches] == [1, FEW, 2]
    assert vectors(askers.found[FEW + 2]) == alone([f"question {FEW + 1}"])


def test_a_text_that_cannot_be_encoded_fails_for_its_asker_alone() -> None:
    slow = SlowEncoder()
    askers = Askers(slow)
    askers.ask(["how wide"], ["how long"], ["poison"], ["how old"])
    assert [*askers.errors] == [2]
    with pytest.raises(EncoderError, match="poison cannot be read"):
        raise askers.errors[2]
    assert vectors(askers.found[1]) == alone(["how long"])
    assert vectors(askers.found[3]) == alone(["how old"])


def test_passages_and_many_questions_go_by_themselves() -> None:
    slow = SlowEncoder()
    slow.let_go.set()
    encoder = TogetherEncoder(slow)
    many = [f"question {number}" for number in range(FEW + 1)]
    assert vectors(encoder.embed(many, "query")) == alone(many)
    assert vectors(encoder.embed(["a passage"], "passage")) == alone(["a passage"])
    assert encoder.embed([], "query") == []
    assert encoder.encode_queries(["how wide"]).shape == (1, len(WORDS) + 1)
    assert encoder.encode_passages(["a passage"]).shape == (1, len(WORDS) + 1)
