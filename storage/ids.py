"""The ids of the rows, each a type of its own so that none is taken for another.

Chats, people and messages carry Telegram's numbers (up to 52 significant bits; a person who acts as a chat, such as
an anonymous administrator, has that chat's negative id); the others are counted by the database.
"""

from typing import NewType

ChatId = NewType("ChatId", int)
PersonId = NewType("PersonId", int)
MessageId = NewType("MessageId", int)
ThreadId = NewType("ThreadId", int)
SessionId = NewType("SessionId", int)
GenerationId = NewType("GenerationId", int)
CandidateId = NewType("CandidateId", int)
ShareId = NewType("ShareId", int)
EventId = NewType("EventId", int)
LessonId = NewType("LessonId", int)
LessonFileId = NewType("LessonFileId", int)
TrainingId = NewType("TrainingId", int)
BroadcastId = NewType("BroadcastId", int)
