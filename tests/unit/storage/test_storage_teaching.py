"""Lessons, trainings and publications: what the tables hold, and who is faster."""

from datetime import datetime, timedelta

import pytest

from storage.candidates import Candidate, liked_in_style, set_picture
from storage.chat_settings import ChatSettings, save_settings
from storage.database import Database
from storage.errors import ConstraintError, WrongPhaseError
from storage.ids import ChatId, PersonId
from storage.lessons import (
    Lesson,
    LessonPicture,
    NewLessonFile,
    Refusal,
    Side,
    Step,
    add_file,
    begin_slider,
    close_file,
    count_waiting,
    delete_lesson,
    lesson_named,
    lessons_due,
    next_file,
    next_retraining,
    open_lesson,
    open_lesson_in,
    pictures_of_lesson,
    refusals_of_lesson,
    set_retraining,
    set_step,
)
from storage.trainings import (
    TrainingState,
    open_training,
    publications_of,
    publish_version,
    set_training_state,
    trainings_of_lesson,
    trainings_under_way,
)
from storage.votes import cast_vote

ADA = ChatId(1001)


@pytest.fixture
async def lesson(database: Database, now: datetime) -> Lesson:
    async with database.transaction() as tx:
        return await open_lesson(tx, "rider", "Rider", ADA, now)


async def test_lesson_is_open_until_it_is_ready(database: Database, lesson: Lesson, now: datetime) -> None:
    """A chat has one lesson going on, and a name is taught once."""
    assert await open_lesson_in(database.reader, ADA) == lesson
    async with database.transaction() as tx:
        await set_step(tx, lesson.id, Step.READY)
    assert await open_lesson_in(database.reader, ADA) is None
    with pytest.raises(ConstraintError):
        async with database.transaction() as tx:
            await open_lesson(tx, "rider", "Again", ADA, now)


async def test_caption_holds_for_its_whole_album(database: Database, lesson: Lesson) -> None:
    """Whichever file of an album has it, and whenever that one comes; other files have none of it."""
    async with database.transaction() as tx:
        for number, words in enumerate(("", "circle", "")):
            await add_file(tx, lesson.id, NewLessonFile(str(number), f"{number}.png", media_group="g", words=words))
        await add_file(tx, lesson.id, NewLessonFile("3", "3.png"))
    while (file := await next_file(database.reader, lesson.id)) is not None:
        async with database.transaction() as tx:
            await close_file(tx, file, [LessonPicture(file.file_id * 64, file.name, "red", "")], [])
    said = [picture.words for picture in await pictures_of_lesson(database.reader, lesson.id)]
    assert said == ["circle, red", "circle, red", "circle, red", "red"]
    assert await count_waiting(database.reader, lesson.id) == 0


async def test_slider_forgets_the_pictures_of_the_one_before(database: Database, lesson: Lesson) -> None:
    """Pictures of a slider's ends stand beside those of the style, and go when another slider begins."""
    async with database.transaction() as tx:
        await add_file(tx, lesson.id, NewLessonFile("a", "a.png"))
        await begin_slider(tx, lesson.id, "warmth")
        await add_file(tx, lesson.id, NewLessonFile("b", "b.png"), Side.LOW)
    while (file := await next_file(database.reader, lesson.id)) is not None:
        async with database.transaction() as tx:
            await close_file(tx, file, [LessonPicture("d", file.name, "", "")], [Refusal("c.gif", "broken", "")])
    assert [len(await pictures_of_lesson(database.reader, lesson.id, side)) for side in Side] == [1, 1, 0]
    assert len(await refusals_of_lesson(database.reader, lesson.id, Side.LOW)) == 1
    async with database.transaction() as tx:
        await begin_slider(tx, lesson.id, "age")
    assert [len(await pictures_of_lesson(database.reader, lesson.id, side)) for side in Side] == [1, 0, 0]
    assert (found := await lesson_named(database.reader, "rider")) is not None
    assert (found.slider, found.side) == ("age", Side.LOW)


async def test_training_under_way_comes_before_those_that_wait(
    database: Database, lesson: Lesson, now: datetime
) -> None:
    """Versions count up; whoever believes in another state than the present one is told."""
    async with database.transaction() as tx:
        first = await open_training(tx, lesson.id, 100, ADA, now)
        second = await open_training(tx, lesson.id, 100, ADA, now, slider="warmth")
        await set_training_state(tx, second.id, TrainingState.QUEUED, TrainingState.RUNNING)
    assert (first.version, second.version) == (1, 2)
    assert [one.id for one in await trainings_under_way(database.reader)] == [second.id, first.id]
    with pytest.raises(WrongPhaseError):
        async with database.transaction() as tx:
            await set_training_state(tx, second.id, TrainingState.QUEUED, TrainingState.CANCELLED)
    async with database.transaction() as tx:
        await publish_version(tx, "rider", 1, "d", PersonId(ADA), now)
        await delete_lesson(tx, lesson.id)
    assert await trainings_of_lesson(database.reader, lesson.id) == ()
    assert [one.version for one in await publications_of(database.reader, "rider")] == [1]


async def test_lessons_are_due_when_their_time_has_come(database: Database, lesson: Lesson, now: datetime) -> None:
    """Neither before, nor when the time was taken away."""
    assert await next_retraining(database.reader) is None
    async with database.transaction() as tx:
        await set_retraining(tx, lesson.id, now)
    assert await next_retraining(database.reader) == now
    assert await lessons_due(database.reader, now - timedelta(seconds=1)) == ()
    assert [one.id for one in await lessons_due(database.reader, now)] == [lesson.id]


async def test_liked_pictures_are_those_of_chats_that_share(
    database: Database, album: tuple[Candidate, ...], chat: ChatId, ann: PersonId, now: datetime
) -> None:
    """The best first, none that is disliked; and none of a chat that keeps its own to itself."""
    async with database.transaction() as tx:
        for candidate, value in zip(album, (1, 1, -1), strict=True):
            await set_picture(tx, candidate.id, f"{candidate.position}" * 64)
            await cast_vote(tx, candidate.id, ann, value, now)
    liked = await liked_in_style(database.reader, "kandinsky", 5)
    assert [digest[0] for digest, _ in liked] == ["1", "0"]
    async with database.transaction() as tx:
        await save_settings(tx, chat, ChatSettings(contributes=False))
    assert await liked_in_style(database.reader, "kandinsky", 5) == ()
