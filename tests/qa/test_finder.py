import pytest

import qa
from qa.confidence import Calibration
from qa.finder import Finder, Found

TURNS = [
    {"role": "user", "content": "How long is the DMZ?"},
    {"role": "assistant", "content": "The zone is 248 kilometres long."},
]


@pytest.mark.model
class TestSeeds:
    """Both readings of a question are searched for; what is surer counts."""

    @staticmethod
    def found(answerer: qa.Answerer, question: str) -> Found:
        (only,) = answerer.finder.find([question], [TURNS])
        return only

    def test_a_question_that_means_nothing_alone_is_read_completed(
        self, seeds_answerer: qa.Answerer
    ) -> None:
        assert self.found(seeds_answerer, "And how wide?").asked.text == "How wide is the DMZ?"

    def test_a_question_that_is_surer_as_typed_stays_as_typed(
        self, seeds_answerer: qa.Answerer
    ) -> None:
        found = self.found(seeds_answerer, "What is Korea Risk?")

        (alone,) = seeds_answerer.finder.find(["What is Korea Risk?"], [()])
        assert found.asked.completed is None
        assert found.confidences == alone.confidences

    def test_a_sites_own_scale_changes_no_reading(self, seeds_answerer: qa.Answerer) -> None:
        known, encoder = seeds_answerer.knowledge, seeds_answerer.encoder
        questions = ["And how wide?", "Has anyone said why he defected?", "What is Korea Risk?"]
        turns = [TURNS] * len(questions)

        steep = Finder(known, encoder, Calibration(slope=3.0)).find(questions, turns)

        shipped = seeds_answerer.finder.find(questions, turns)
        assert [one.asked.text for one in steep] == [one.asked.text for one in shipped]

    def test_questions_keep_their_order(self, seeds_answerer: qa.Answerer) -> None:
        questions = ["And how wide?", "What is Korea Risk?", "Why?"]

        found = seeds_answerer.finder.find(questions, [TURNS] * 3)

        assert [one.asked.question for one in found] == questions
