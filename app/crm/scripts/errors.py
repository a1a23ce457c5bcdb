"""What is refused about scripts."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class ScriptUnknown(Refusal):
    """There is no such script."""

    code = "script.unknown"
    status = 404
    texts = Texts(
        en="there is no script {script}; choose one from the list of scripts",
        et="skripti {script} ei ole; vali skript loendist",
        ru="скрипта {script} нет; выберите скрипт из списка",
    )
    script: int


class ScriptVersionUnknown(Refusal):
    """The script has no such published version."""

    code = "script.version_unknown"
    status = 404
    texts = Texts(
        en="script {script} has no version {number}; choose one from its list of versions",
        et="skriptil {script} ei ole versiooni {number}; vali versioon loendist",
        ru="у скрипта {script} нет версии {number}; выберите версию из списка",
    )
    script: int
    number: int


class ScriptFaulty(Refusal):
    """A script with faults cannot be published."""

    code = "script.faulty"
    texts = Texts(
        en="the script has faults: {faults}; mend them, its dry run tells more",
        et="skriptis on vigu: {faults}; paranda need, proovikäik ütleb rohkem",
        ru="в скрипте ошибки: {faults}; исправьте их, пробный прогон расскажет подробнее",
    )
    faults: Sequence[str]
    """Kinds of faults, each with the code of its step: `dead_end greeting`."""


class ScriptChangedMeanwhile(Refusal):
    """The script was changed while it was tried, so nothing was published."""

    code = "script.changed_meanwhile"
    texts = Texts(
        en="the script was changed while it was tried: look at it, and publish it again",
        et="skripti muudeti proovikäigu ajal: vaata see üle ja avalda uuesti",
        ru="скрипт изменили во время пробного прогона: просмотрите его и опубликуйте снова",
    )


class ScriptNeverPublished(Refusal):
    """A script that was never published cannot be withdrawn."""

    code = "script.never_published"
    texts = Texts(
        en="the script was never published: there is nothing to withdraw",
        et="skripti ei ole avaldatud: midagi ei ole tagasi võtta",
        ru="скрипт не публиковался: отзывать нечего",
    )


class JumpWithoutTarget(Refusal, ValueError):
    """A jump does not say what it opens."""

    code = "script.jump_without_target"
    status = 422
    texts = Texts(
        en="a jump to {kind} must name which one in `ref`",
        et="hüpe ({kind}) peab väljal `ref` ütlema, kuhu",
        ru="переход ({kind}) должен указать в `ref`, куда он ведёт",
    )
    kind: str


class ScriptNotForCall(Refusal):
    """The script is not published, so no call begins with it."""

    code = "script.not_for_call"
    texts = Texts(
        en="script {script} is not published: choose one that the call offers",
        et="skript {script} ei ole avaldatud: vali mõni, mida kõne pakub",
        ru="скрипт {script} не опубликован: выберите один из предложенных для звонка",
    )
    script: int


class RunBegunMeanwhile(Refusal):
    """The call has begun the script at the same moment."""

    code = "script.run_begun_meanwhile"
    texts = Texts(
        en="the call has begun script {script} at this moment: ask for the script of the call",
        et="kõne alustas skripti {script} samal hetkel: küsi kõne skripti",
        ru="звонок начал скрипт {script} в этот же момент: запросите скрипт звонка",
    )
    script: int


class RunUnknown(Refusal):
    """There is no such run of a script, or not for the user."""

    code = "script.run_unknown"
    status = 404
    texts = Texts(
        en="there is no run {run} of a script for you; ask for the script of the call",
        et="skripti läbimist {run} sinu jaoks ei ole; küsi kõne skripti",
        ru="прохождения скрипта {run} для вас нет; запросите скрипт звонка",
    )
    run: int


class RunOver(Refusal):
    """The run has ended: nothing more is answered in it."""

    code = "script.run_over"
    texts = Texts(
        en="the script is over in this call; open it again to change an answer",
        et="skript on selles kõnes lõpetatud; vastuse muutmiseks ava see uuesti",
        ru="скрипт в этом звонке завершён; чтобы изменить ответ, откройте его снова",
    )


class RunUnfinished(Refusal):
    """The run has not come to its end, so it is not finished."""

    code = "script.run_unfinished"
    texts = Texts(
        en="the script stands at {step}: go on to the end, or break it off",
        et="skript on pooleli kohas {step}: mine lõpuni või katkesta see",
        ru="скрипт остановился на {step}: дойдите до конца или прервите его",
    )
    step: str


class NotTheNextStep(Refusal):
    """Another step is the next one."""

    code = "script.not_the_next_step"
    texts = Texts(
        en="the script stands at {next}, not at {step}: load it again",
        et="skript on kohas {next}, mitte {step}: laadi see uuesti",
        ru="скрипт стоит на {next}, а не на {step}: загрузите его снова",
    )
    step: str
    next: str


class StepUnknown(Refusal):
    """The version of the script has no such step, or it was not passed."""

    code = "script.step_unknown"
    texts = Texts(
        en="the script has no step {step}, or it was not passed yet",
        et="skriptis ei ole sammu {step} või seda pole veel läbitud",
        ru="в скрипте нет шага {step}, или он ещё не пройден",
    )
    step: str


class AnswerUnfit(Refusal):
    """The answer does not fit the question."""

    code = "script.answer_unfit"
    status = 422
    texts = Texts(
        en="the answer to {step} does not fit ({fault}): {expected}",
        et="vastus kohas {step} ei sobi ({fault}): {expected}",
        ru="ответ на {step} не подходит ({fault}): {expected}",
    )
    step: str
    fault: str
    """An `AnswerFault`."""
    expected: str
    """What an answer may be."""


class TrailFull(Refusal):
    """The run has passed too many steps."""

    code = "script.trail_full"
    texts = Texts(
        en="the script has passed {most} steps in this call: break it off",
        et="skript on selles kõnes läbinud {most} sammu: katkesta see",
        ru="скрипт прошёл в этом звонке {most} шагов: прервите его",
    )
    most: int
