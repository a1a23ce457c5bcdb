"""What is refused about operators and their phones."""

from app.domain.errors import Refusal, Texts


class OperatorUnknown(Refusal):
    """There is no operator with this id."""

    code = "operator.unknown"
    status = 404
    texts = Texts(
        en="there is no operator {operator}",
        et="operaatorit {operator} ei ole",
        ru="оператора {operator} нет",
    )
    operator: int


class OperatorUserUnknown(Refusal):
    """There is no active user with this id who could become an operator."""

    code = "operator.user_unknown"
    status = 404
    texts = Texts(
        en="there is no user {user} who may log in",
        et="kasutajat {user}, kes tohib sisse logida, ei ole",
        ru="пользователя {user}, которому разрешён вход, нет",
    )
    user: int


class AlreadyOperator(Refusal):
    """The user is already an operator."""

    code = "operator.exists"
    texts = Texts(
        en="user {user} is an operator already: change the operator instead",
        et="kasutaja {user} on juba operaator: muuda operaatorit",
        ru="пользователь {user} уже оператор: измените оператора",
    )
    user: int


class NotInQueue(Refusal):
    """The operator has no place in this queue."""

    code = "operator.not_in_queue"
    status = 404
    texts = Texts(
        en="operator {operator} has no place in the queue {queue}: an administrator gives places",
        et="operaatoril {operator} ei ole järjekorras {queue} kohta: kohti annab administraator",
        ru="у оператора {operator} нет места в очереди {queue}: места даёт администратор",
    )
    operator: int
    queue: str


class AccountsElsewhere(Refusal):
    """This service does not manage the phones' SIP accounts."""

    code = "operator.accounts_elsewhere"
    texts = Texts(
        en="this service does not write the accounts of phones: renew the secret where they are kept",
        et="see teenus ei kirjuta telefonide kontosid: uuenda parool seal, kus neid hoitakse",
        ru="эта служба не записывает учётные записи телефонов: обновите пароль там, где они хранятся",
    )


class PhoneNotInPage(Refusal):
    """The operator's phone is a desk phone, not the phone in the page."""

    code = "phone.not_in_page"
    texts = Texts(
        en="your phone is a desk phone: choose the phone in the page first",
        et="sinu telefon on lauatelefon: vali enne lehel olev telefon",
        ru="ваш телефон — настольный: сначала выберите телефон на странице",
    )


class PhoneNeedsBrowser(Refusal):
    """A program with a token asked for the phone of the page."""

    code = "phone.needs_browser"
    texts = Texts(
        en="the phone in the page is for whoever has logged in there with a password",
        et="lehel olev telefon on sellele, kes on seal parooliga sisse loginud",
        ru="телефон на странице доступен тому, кто вошёл там с паролем",
    )


class TooManyPhoneSecrets(Refusal):
    """A phone's secret was asked for too often."""

    code = "phone.too_many_secrets"
    status = 429
    texts = Texts(
        en="the phone was started too often: try again in {retry_after_s} s",
        et="telefoni käivitati liiga sageli: proovi uuesti {retry_after_s} s pärast",
        ru="телефон запускали слишком часто: попробуйте снова через {retry_after_s} с",
    )
    retry_after_s: int
