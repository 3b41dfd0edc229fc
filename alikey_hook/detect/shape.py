"""What random credentials look like, and what placeholders and identifiers look like. Without `re`: the gate uses it."""

from __future__ import annotations

from itertools import pairwise

# The bigrams that make up 87 % of the letters in identifiers of 30 letters (counted over the Python standard library and
# its packages); in random text they make up 20 %.
_BIGRAMS = frozenset(
    "ab ac ad ag ai al am an ap ar as at au ba be bl ca cc ce ch ci ck cl co cr ct cu cy da de di ea ec ed el em en ep eq "
    "er es et ex fi fo ge gr gu he ia ib ic id ie if ig il im in io ip is it ke la le li ll lo lt lu ma me mi mo mp na nc "
    "nd ne nf ng ni no ns nt ob oc od ol om on op or ot ou pa pe pl po pr pt pu qu ra rc re ri ro rs rt rv ry sc se si so "
    "sp ss st su ta te th ti to tr ts ty ue ul um un up ur us ut va ve vi".split()
)

# Words that people put into values which are no secrets. Five letters and more are too rare in random text to ask for more
# (one random secret in 100,000 holds one); shorter ones must be written as a word: test, Test or TEST, not tEsT.
_LONG_WORDS = (
    "example sample dummy redacted placeholder changeme secret access xxxxx provide replace insert invalid expired "
    "random abcdef qwerty asdf1 foobar password accesskey keyid"
).split()
_SHORT_WORDS = tuple(form for word in "test fake mock demo your".split() for form in (word, word.upper(), word.capitalize()))


def wordlike(text: str) -> bool:
    """Whether the text reads like an identifier (`getUserByAliyunUidWithCallback`) rather than like random characters.

    A naive Bayes score over neighbouring characters: of random 30-character secrets 0.01 % read like one, and of 4,800
    identifiers of 30 letters none reads like random text (measured over the standard library and its packages).
    """
    if 4 * sum(map(str.islower, text)) > 3 * len(text):
        return True  # hardly a capital and hardly a digit: of random secrets 0.01 % have so few
    score = 0
    for left, right in pairwise(text):
        if right.islower() and left.isalpha():
            common = (left + right).lower() in _BIGRAMS
            score += (3 if common else 0) if left.islower() else (1 if common else -2)
        elif not (right.isupper() and left.islower()):
            score -= 4
    return score >= 2


def mixed_case(text: str) -> bool:
    """Whether both cases occur; of 200,000 random secrets none lacked one."""
    return text != text.lower() and text != text.upper()


def placeholder(text: str, alphabet: int = 62) -> bool:
    """Whether somebody typed or masked this value instead of receiving it from Alibaba Cloud.

    `alphabet`: of how many characters real values are made (16 for hexadecimal ones, which repeat themselves more).
    """
    return _repeats(text, alphabet) or _ordered(text) or spelt(text)


def _repeats(text: str, alphabet: int) -> bool:
    """Few distinct characters, one that dominates, or a filler run: real values have none of these (below 0.05 %)."""
    distinct = set(text)
    if len(distinct) < 0.4 * min(len(text), alphabet) or max(map(text.count, distinct)) > 0.35 * len(text):
        return True
    run = 4 if alphabet > 16 else 5
    fillers = ("xxx", "XXX", "000") if alphabet > 16 else ()
    return any(filler in text for filler in fillers) or any(character * run in text for character in distinct)


def _ordered(text: str) -> bool:
    """Five in alphabetical or numerical order, in either case, with anything between: abcde, AbCdE, 12345, A1B2C3D4E5."""
    folded = text.lower()
    letters = "".join(filter(str.isalpha, folded))
    digits = "".join(filter(str.isdigit, folded))
    return any(_RUN in _followers(part) for part in (letters, digits, folded))


# A character and the one that comes after it, in ASCII or round the corner.
_FOLLOWING = frozenset(chr(code) + chr(code + 1) for code in range(127)).union(("90", "z0", "9a", "za"))
_RUN = "1" * 4


def _followers(text: str) -> str:
    """1 for every character that follows the one before it, 0 for any other."""
    return "".join(["1" if left + right in _FOLLOWING else "0" for left, right in pairwise(text)])


def spelt(text: str) -> bool:
    """Whether somebody wrote a word into the value."""
    lowered = text.lower()
    return any(word in lowered for word in _LONG_WORDS) or any(word in text for word in _SHORT_WORDS)
