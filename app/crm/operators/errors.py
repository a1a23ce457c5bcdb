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


class AccountsElsewhere(Refusal):
    """This service does not manage the phones' SIP accounts."""

    code = "operator.accounts_elsewhere"
    texts = Texts(
        en="this service does not write the accounts of phones: renew the secret where they are kept",
        et="see teenus ei kirjuta telefonide kontosid: uuenda parool seal, kus neid hoitakse",
        ru="эта служба не записывает учётные записи телефонов: обновите пароль там, где они хранятся",
    )
