"""What is refused of surveys."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class SurveyUnknown(Refusal):
    """There is no such survey, or it is not published and the user only asks surveys."""

    code = "survey.unknown"
    status = 404
    texts = Texts(
        en="there is no survey {survey} for you; choose one from the list of surveys",
        et="küsitlust {survey} sinu jaoks ei ole; vali küsitlus loendist",
        ru="опроса {survey} для вас нет; выберите опрос из списка",
    )
    survey: int


class SurveyVersionUnknown(Refusal):
    """The survey has no such version."""

    code = "survey.version_unknown"
    status = 404
    texts = Texts(
        en="survey {survey} has no version {version}; its versions are listed",
        et="küsitlusel {survey} ei ole versiooni {version}; versioonid on loendis",
        ru="у опроса {survey} нет версии {version}; версии есть в списке",
    )
    survey: int
    version: int


class SurveyFaulty(Refusal):
    """A published survey would not lead every way to its end; `errors` names each fault."""

    code = "survey.faulty"
    texts = Texts(
        en="the survey cannot be asked like this; mend what `errors` names, or keep it as a draft",
        et="küsitlust ei saa nii küsida; paranda, mida `errors` nimetab, või hoia mustandina",
        ru="такой опрос нельзя задать; исправьте названное в `errors` или оставьте черновиком",
    )

    def __init__(self, faults: Sequence[tuple[str, Refusal]]) -> None:
        """A refusal of a survey.

        Args:
            faults: paths into the survey, and what is wrong there.
        """
        self._faults = faults

    @property
    def errors(self) -> Sequence[tuple[str, Refusal]]:
        """The faults."""
        return self._faults


class SurveyEmpty(Refusal):
    """A survey without questions cannot be asked."""

    code = "survey.empty"
    texts = Texts(
        en="the survey has no questions: add one",
        et="küsitlusel ei ole küsimusi: lisa küsimus",
        ru="в опросе нет вопросов: добавьте вопрос",
    )


class QuestionTwice(Refusal):
    """Two questions of a survey have the same code, or one has that of the end."""

    code = "survey.question_twice"
    texts = Texts(
        en="the code {question} is taken: give the question another one",
        et="kood {question} on võetud: anna küsimusele teine kood",
        ru="код {question} занят: дайте вопросу другой код",
    )
    question: str


class QuestionUntold(Refusal):
    """A question, or an option of it, has no text in a language of the survey."""

    code = "survey.question_untold"
    texts = Texts(
        en="question {question} or an option of it has no text in: {languages}",
        et="küsimusel {question} või selle valikul ei ole teksti keeltes: {languages}",
        ru="у вопроса {question} или его варианта нет текста на языках: {languages}",
    )
    question: str
    languages: list[str]


class QuestionBounds(Refusal):
    """A scale lacks its ends, or a question has ends that do not fit."""

    code = "survey.question_bounds"
    texts = Texts(
        en="the ends of question {question} do not fit: a scale needs `low` below `high`, at most {most} apart, "
        "a number may have both, others have none",
        et="küsimuse {question} otsad ei sobi: skaalal on `low` väiksem kui `high`, vahe kuni {most}, arvul võivad "
        "mõlemad olla, teistel neid ei ole",
        ru="границы вопроса {question} не подходят: у шкалы `low` меньше `high`, разница до {most}, у числа могут "
        "быть обе, у других их нет",
    )
    question: str
    most: int


class QuestionOptions(Refusal):
    """A choice lacks options, has one twice, or another question has options."""

    code = "survey.question_options"
    texts = Texts(
        en="the options of question {question} do not fit: a choice needs two or more, each once, others have none",
        et="küsimuse {question} valikud ei sobi: valikküsimusel on kaks või rohkem, igaüks kord, teistel neid ei ole",
        ru="варианты вопроса {question} не подходят: для выбора нужно два или больше, каждый один раз, у других их нет",
    )
    question: str


class QuestionTargetUnknown(Refusal):
    """A way leads to a question that does not exist."""

    code = "survey.question_target_unknown"
    texts = Texts(
        en="there is no question {target} to go to: name one, or `end`",
        et="küsimust {target}, kuhu minna, ei ole: nimeta mõni või `end`",
        ru="нет вопроса {target}, к которому перейти: назовите другой или `end`",
    )
    target: str


class QuestionBranchDead(Refusal):
    """No answer ever takes a branch."""

    code = "survey.question_branch_dead"
    texts = Texts(
        en="no answer to question {question} takes this branch: change its condition, or take it out",
        et="ükski vastus küsimusele {question} seda haru ei vali: muuda tingimust või eemalda haru",
        ru="ни один ответ на вопрос {question} не ведёт по этой ветви: измените условие или уберите её",
    )
    question: str


class QuestionUnreached(Refusal):
    """No way leads to a question."""

    code = "survey.question_unreached"
    texts = Texts(
        en="no way leads to question {question}: let one lead there, or take it out",
        et="küsimuseni {question} ei vii ükski tee: lisa tee või eemalda küsimus",
        ru="к вопросу {question} не ведёт ни один путь: добавьте путь или уберите вопрос",
    )
    question: str


class QuestionEndless(Refusal):
    """A way leads back to a question that was asked."""

    code = "survey.question_endless"
    texts = Texts(
        en="a way leads from question {question} back to itself: lead it on, or to `end`",
        et="küsimusest {question} viib tee tagasi sellesama juurde: vii see edasi või `end` juurde",
        ru="путь от вопроса {question} возвращается к нему же: ведите его дальше или к `end`",
    )
    question: str


class QuestionUnknown(Refusal):
    """The survey has no such question."""

    code = "survey.question_unknown"
    status = 422
    texts = Texts(
        en="the survey has no question {question} of a fitting kind; its questions are in the answer to GET",
        et="küsitlusel ei ole sobivat küsimust {question}; küsimused on GETi vastuses",
        ru="в опросе нет подходящего вопроса {question}; вопросы есть в ответе на GET",
    )
    question: str


class AnswerUnfit(Refusal):
    """This is no answer to the question."""

    code = "survey.answer_unfit"
    status = 422
    texts = Texts(
        en="this does not answer question {question}; it takes: {expected}",
        et="see ei vasta küsimusele {question}; sobib: {expected}",
        ru="это не ответ на вопрос {question}; подходит: {expected}",
    )
    question: str
    expected: str


class AnswersUnfit(Refusal):
    """Some answers do not fit their questions; `errors` names each. Nothing was kept of the request."""

    code = "survey.answers_unfit"
    status = 422
    texts = Texts(
        en="some answers do not fit; `errors` names each",
        et="mõned vastused ei sobi; `errors` nimetab igaühe",
        ru="некоторые ответы не подходят; они названы в `errors`",
    )

    def __init__(self, unfit: Sequence[tuple[str, Refusal]]) -> None:
        """A refusal of answers.

        Args:
            unfit: paths into the body, and what is wrong there.
        """
        self._unfit = unfit

    @property
    def errors(self) -> Sequence[tuple[str, Refusal]]:
        """The answers that do not fit."""
        return self._unfit


class SurveyNotAsked(Refusal):
    """The survey is not published."""

    code = "survey.not_asked"
    texts = Texts(
        en="the survey is {state}, and only published ones are asked",
        et="küsitluse olek on {state}, küsitakse ainult avaldatuid",
        ru="опрос в состоянии {state}, задают только опубликованные",
    )
    state: str


class SurveyNotInLanguage(Refusal):
    """The survey has no texts in this language."""

    code = "survey.not_in_language"
    status = 422
    texts = Texts(
        en="the survey is asked in: {languages}",
        et="küsitlust küsitakse keeltes: {languages}",
        ru="опрос проводят на языках: {languages}",
    )
    languages: list[str]


class SurveyRests(Refusal):
    """The contact has ended this survey not long ago."""

    code = "survey.rests"
    texts = Texts(
        en="this contact ended the survey, as {state}, and rests until {until}",
        et="see kontakt on küsitluse lõpetanud, olek {state}, ja puhkab kuni {until}",
        ru="этот контакт закончил опрос, состояние {state}, и отдыхает до {until}",
    )
    state: str
    until: str


class SurveyBeingAsked(Refusal):
    """Another operator asks the contact this survey, outside any call."""

    code = "survey.being_asked"
    texts = Texts(
        en="{by} asks this contact the survey already, last at {at}: ask them, or wait for an hour",
        et="sama küsitlust küsib sellelt kontaktilt juba {by}, viimati {at}: räägi temaga või oota tund aega",
        ru="этот опрос с контактом уже проводит {by}, последний ответ {at}: спросите коллегу или подождите час",
    )
    by: str
    at: str
    response: int


class ResponseUnknown(Refusal):
    """There is no such response, or another operator asked and the user sees only their own."""

    code = "survey.response_unknown"
    status = 404
    texts = Texts(
        en="there is no response {response} for you; choose one from the list of responses",
        et="vastamist {response} sinu jaoks ei ole; vali vastamine loendist",
        ru="прохождения {response} для вас нет; выберите его из списка",
    )
    response: int


class ResponseNotPossible(Refusal):
    """The response's state does not allow this."""

    code = "survey.response_not_possible"
    texts = Texts(
        en="a response that is {state} takes no {action}: `may` tells what it takes",
        et="vastamisega, mille olek on {state}, ei saa teha: {action}; mida saab, ütleb `may`",
        ru="с прохождением в состоянии {state} нельзя сделать {action}: что можно, указано в `may`",
    )
    state: str
    """A `ResponseState`."""
    action: str
    """A `ResponseAction`."""


class ResponseUnfinished(Refusal):
    """Questions are still to be asked."""

    code = "survey.response_unfinished"
    texts = Texts(
        en="question {question} comes next: answer it, pass it over if it may be, or let it stay a partial answer",
        et="järgmine küsimus on {question}: vasta sellele, jäta võimalusel vahele või jäta osaliseks",
        ru="следующий вопрос {question}: ответьте, пропустите, если можно, или оставьте неполным",
    )
    question: str


class ResultsTooLarge(Refusal):
    """There are more different answers, or groups, than one request adds up."""

    code = "survey.results_too_large"
    texts = Texts(
        en="there is too much to add up at once, more than {most}: choose a shorter period, one question or one queue",
        et="korraga on liiga palju kokku arvutada, üle {most}: vali lühem ajavahemik, üks küsimus või üks järjekord",
        ru="слишком много для одного подсчёта, больше {most}: выберите короче период, один вопрос или одну очередь",
    )
    most: int


class ResultsBusy(Refusal):
    """Others' results are being added up."""

    code = "survey.results_busy"
    status = 429
    texts = Texts(
        en="{most} results are being made now: try again in a moment",
        et="praegu arvutatakse {most} tulemust: proovi hetke pärast uuesti",
        ru="сейчас считаются {most} результата: повторите чуть позже",
    )
    most: int
    retry_after_s: int


class ResponsesTooMany(Refusal):
    """The period has more responses than one file may have."""

    code = "survey.responses_too_many"
    texts = Texts(
        en="the period has {responses} responses, and a file has at most {most}: choose a shorter one",
        et="sellel ajavahemikul on {responses} vastamist, failis saab olla {most}: vali lühem",
        ru="за этот период {responses} прохождений, а в файле не больше {most}: выберите короче",
    )
    responses: int
    most: int
