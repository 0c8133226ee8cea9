"""A follow-up question to one that stands alone.

`completion.py` goes through the turns and fills in what is missing; `pronouns.py` and
`fragments.py` know the two kinds of follow-up; `topic.py` keeps what is spoken of; `phrases.py`,
`persons.py` and `grammar.py` find names, nouns and persons in an English question.
"""

from qa.conversation.completion import Completed, Turn, completed, stands_alone

__all__ = ["Completed", "Turn", "completed", "stands_alone"]
