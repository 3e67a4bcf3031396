"""Where a learner stands: which predictions are locked in or graded, which goals are ticked."""

import uuid
from dataclasses import dataclass

from . import course
from .models import Guess, Progress, Proof


@dataclass(frozen=True)
class Answer:
    """One choice of a graded prediction. `proof` is None where the flight that showed it is not kept any more."""

    choice: course.Choice
    came_true: bool
    proof: Proof | None


@dataclass(frozen=True)
class Asked:
    """A prediction as one learner meets it. `guess` is None until they have chosen."""

    lesson: course.Lesson
    prediction: course.Prediction
    guess: Guess | None = None

    @property
    def chosen(self) -> course.Choice | None:
        return self.guess and self.prediction.choice(self.guess.choice)

    @property
    def observed(self) -> course.Choice | None:
        """The choice that came true, once a run has shown it."""
        return self.guess and self.prediction.choice(self.guess.observed)

    @property
    def right(self) -> bool:
        return self.observed is not None and self.observed == self.chosen

    @property
    def answers(self) -> list[Answer]:
        """Every choice as the run answered it; nothing as long as none has."""
        if not self.observed:
            return []
        proofs = {proof.choice: proof for proof in self.guess.proofs.all()}
        return [Answer(choice, choice == self.observed, proofs.get(choice.slug)) for choice in self.prediction.choices]


@dataclass(frozen=True)
class GoalLine:
    goal: course.Goal
    ticked: bool


@dataclass(frozen=True)
class Standing:
    """One learner in one lesson."""

    lesson: course.Lesson
    asked: dict[str, Asked]
    goals: list[GoalLine]

    @property
    def ticked(self) -> int:
        return sum(line.ticked for line in self.goals)

    @property
    def predicted(self) -> bool:
        """Whether every prediction is locked in: from then on, the explanation gives nothing away."""
        return all(asked.guess for asked in self.asked.values())

    @property
    def done(self) -> bool:
        return self.ticked == len(self.goals)

    @property
    def started(self) -> bool:
        return self.ticked > 0 or any(asked.guess for asked in self.asked.values())


def in_lesson(key: uuid.UUID, lesson: course.Lesson) -> Standing:
    """Return where the owner of the notebook named `key` stands in one lesson."""
    return _standing(lesson, _progress(key).prefetch_related("guesses__proofs").filter(lesson=lesson.slug).first())


def in_course(key: uuid.UUID) -> list[Standing]:
    """Return where the owner of the notebook named `key` stands in every lesson, in reading order."""
    known = {progress.lesson: progress for progress in _progress(key)}
    return [_standing(lesson, known.get(lesson.slug)) for lesson in course.LESSONS]


def _progress(key: uuid.UUID):
    return Progress.objects.filter(notebook_id=key).prefetch_related("guesses", "ticks")


def _standing(lesson: course.Lesson, progress: Progress | None) -> Standing:
    guesses = {guess.prediction: guess for guess in progress.guesses.all()} if progress else {}
    ticks = {tick.goal for tick in progress.ticks.all()} if progress else set()
    return Standing(
        lesson=lesson,
        asked={asked.slug: Asked(lesson, asked, guesses.get(asked.slug)) for asked in lesson.predictions},
        goals=[GoalLine(goal, goal.slug in ticks) for goal in lesson.goals],
    )
