import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callback_data import MAX_BYTES, STYLE_NAME, Data, Mark, Operate, Original, Press, StyleChoice, read, write

IDS = st.integers(1, 10**15 - 1)
VERBS = st.sampled_from(["next", "best", "stop", "cancel", "retry", "show", "goon", "anew", "forget", "keep"])
DATA = st.one_of(
    st.builds(Mark, IDS, st.integers(0, 9), st.sampled_from([-1, 1])),
    st.builds(Original, IDS, st.integers(0, 9)),
    st.builds(Press, VERBS, IDS),
    st.builds(Operate, st.from_regex(r"[a-z]{1,12}", fullmatch=True)),
    st.builds(Operate, st.just("publish"), st.sampled_from(["my-style", "-2001"]), st.sampled_from(["", "3"])),
    st.builds(StyleChoice, st.from_regex(STYLE_NAME, fullmatch=True).filter(str.isascii)),
)


@given(DATA)
def test_every_button_reads_back_as_what_was_written(data: Data) -> None:
    """Reading undoes writing, within Telegram's 64 bytes."""
    text = write(data)
    assert len(text.encode()) <= MAX_BYTES
    assert read(text) == data


@given(st.text(max_size=80))
def test_reading_accepts_only_what_writing_makes(text: str) -> None:
    """Any text is either refused or has exactly this one spelling."""
    data = read(text)
    assert data is None or write(data) == text


@pytest.mark.parametrize(
    "forged",
    [
        *(None, "", "1", "1:n:", "1:n:0", "1:n:007", "1:n:-1", "1:n:1 ", "1:n:1\n", "2:n:1", "1:q:1", "1:v:1:1:0"),
        *(
            "1:v:1:10:+",
            "1:o:1:10",
            "1:o:1",
            "1:v:1:1:+:+",
            "1:n:" + "9" * 16,
            "1:n:٣",
            "1:s:../etc",
            "1:s:" + "a" * 60,
            "x" * 10_000,
        ),
        "1:v:1:1:+\x00",
    ],
)
def test_forged_data_is_refused(forged: str | None) -> None:
    """Other versions, other verbs, padded, overlong or foreign numbers: all read as nothing."""
    assert read(forged) is None
