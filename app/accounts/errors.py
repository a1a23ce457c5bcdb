"""The refusals about users, passwords, roles and tokens."""

from collections.abc import Sequence
from typing import ClassVar

from app.domain.errors import Refusal, Texts


class PasswordUnfit(Refusal, ValueError):
    """A new password is refused."""

    status = 422


class PasswordTooShort(PasswordUnfit):
    """A new password is too short."""

    code = "password.too_short"
    texts = Texts(
        en="a password has at least {least} characters: take a few words that do not belong together, or let a "
        "password manager make one",
        et="paroolis on vähemalt {least} märki: võta mõni sõna, mis kokku ei kuulu, või lase paroolihalduril see teha",
        ru="в пароле не меньше {least} знаков: возьмите несколько не связанных слов или доверьте это менеджеру паролей",
    )
    least: int


class PasswordTooLong(PasswordUnfit):
    """A new password is too long."""

    code = "password.too_long"
    texts = Texts(
        en="a password has at most {most} characters: take a shorter one",
        et="paroolis on kõige rohkem {most} märki: võta lühem",
        ru="в пароле не больше {most} знаков: возьмите короче",
    )
    most: int


class PasswordWithControl(PasswordUnfit):
    """A new password has control characters."""

    code = "password.control_characters"
    texts = Texts(
        en="a password has no tabs, line ends or other control characters: leave them out",
        et="paroolis ei ole tabulaatoreid, reavahetusi ega muid juhtmärke: jäta need ära",
        ru="в пароле нет табуляций, переводов строки и других управляющих знаков: уберите их",
    )


class PasswordGuessable(PasswordUnfit):
    """A new password is easily guessed."""


class PasswordBlank(PasswordGuessable):
    """A new password consists of blanks only."""

    code = "password.blank"
    texts = Texts(
        en="this password is easily guessed: it has nothing but blanks; take a few words that do not belong together, "
        "or let a password manager make one",
        et="see parool on kergesti ära arvatav: selles on ainult tühikud; võta mõni sõna, mis kokku ei kuulu, või lase "
        "paroolihalduril see teha",
        ru="этот пароль легко угадать: в нём одни пробелы; возьмите несколько не связанных слов или доверьте это "
        "менеджеру паролей",
    )


class PasswordOfFewCharacters(PasswordGuessable):
    """A new password repeats the same few characters."""

    code = "password.few_characters"
    texts = Texts(
        en="this password is easily guessed: it has the same few characters again and again; take a few words that do "
        "not belong together, or let a password manager make one",
        et="see parool on kergesti ära arvatav: selles korduvad samad vähesed märgid; võta mõni sõna, mis kokku ei "
        "kuulu, või lase paroolihalduril see teha",
        ru="этот пароль легко угадать: в нём повторяются одни и те же знаки; возьмите несколько не связанных слов или "
        "доверьте это менеджеру паролей",
    )


class PasswordRepeats(PasswordGuessable):
    """A new password repeats the same text."""

    code = "password.repeats"
    texts = Texts(
        en="this password is easily guessed: it says the same again and again; take a few words that do not belong "
        "together, or let a password manager make one",
        et="see parool on kergesti ära arvatav: selles kordub sama tekst; võta mõni sõna, mis kokku ei kuulu, või lase "
        "paroolihalduril see teha",
        ru="этот пароль легко угадать: в нём повторяется одно и то же; возьмите несколько не связанных слов или "
        "доверьте это менеджеру паролей",
    )


class PasswordIsRow(PasswordGuessable):
    """A new password is a sequence of the keyboard, of the alphabet or of digits."""

    code = "password.row"
    texts = Texts(
        en="this password is easily guessed: it is a row of the keyboard, of the alphabet or of numbers; take a few "
        "words that do not belong together, or let a password manager make one",
        et="see parool on kergesti ära arvatav: see on klaviatuuri, tähestiku või numbrite rida; võta mõni sõna, mis "
        "kokku ei kuulu, või lase paroolihalduril see teha",
        ru="этот пароль легко угадать: это ряд клавиатуры, алфавита или цифр; возьмите несколько не связанных слов "
        "или доверьте это менеджеру паролей",
    )


class PasswordIsName(PasswordGuessable):
    """A new password is little more than the user's or the service's name."""

    code = "password.name"
    texts = Texts(
        en="this password is easily guessed: it is little more than a name that belongs to it; take a few words that "
        "do not belong together, or let a password manager make one",
        et="see parool on kergesti ära arvatav: see on vaevalt rohkem kui sellega seotud nimi; võta mõni sõna, mis "
        "kokku ei kuulu, või lase paroolihalduril see teha",
        ru="этот пароль легко угадать: это почти только связанное с ним имя; возьмите несколько не связанных слов или "
        "доверьте это менеджеру паролей",
    )


class PasswordIsCommon(PasswordGuessable):
    """A new password is little more than a common word, which attackers try first."""

    code = "password.common"
    texts = Texts(
        en="this password is easily guessed: it is little more than a word that is tried first; take a few words that "
        "do not belong together, or let a password manager make one",
        et="see parool on kergesti ära arvatav: see on vaevalt rohkem kui sõna, mida proovitakse esimesena; võta mõni "
        "sõna, mis kokku ei kuulu, või lase paroolihalduril see teha",
        ru="этот пароль легко угадать: это почти только слово, которое пробуют первым; возьмите несколько не связанных "
        "слов или доверьте это менеджеру паролей",
    )


NEW_PASSWORD: tuple[type[PasswordUnfit], ...] = (
    PasswordTooShort,
    PasswordTooLong,
    PasswordWithControl,
    *PasswordGuessable.__subclasses__(),
)
"""All refusals of a new password."""


class HashingBusy(Refusal):
    """Too many passwords are being checked at once; another would wait too long."""

    code = "password.busy"
    status = 503
    texts = Texts(
        en="many passwords are being checked: try again in a moment",
        et="praegu kontrollitakse palju paroole: proovi hetke pärast uuesti",
        ru="сейчас проверяется много паролей: попробуйте через минуту",
    )


class PasswordWrong(Refusal):
    """The username or the password is wrong."""

    code = "session.wrong_password"
    status = 401
    headers: ClassVar = {"WWW-Authenticate": "Session"}
    texts = Texts(
        en="the username or the password is wrong",
        et="kasutajanimi või parool on vale",
        ru="имя пользователя или пароль неверны",
    )


class PasswordJustChanged(Refusal):
    """The user's password was changed while the log-in was under way."""

    code = "session.password_changed"
    status = 401
    headers: ClassVar = {"WWW-Authenticate": "Session"}
    texts = Texts(
        en="the password was changed just now: log in again",
        et="parool muudeti just praegu: logi uuesti sisse",
        ru="пароль только что изменили: войдите снова",
    )


class CurrentPasswordWrong(Refusal):
    """The current password that a user gave to change it is wrong."""

    code = "password.current_wrong"
    status = 403
    texts = Texts(
        en="the current password is wrong",
        et="praegune parool on vale",
        ru="нынешний пароль неверен",
    )


class UserUnknown(Refusal):
    """There is no such user."""

    code = "user.unknown"
    status = 404
    texts = Texts(
        en="no such user: GET /api/v1/users lists all there are",
        et="sellist kasutajat ei ole: kõik kasutajad on loetelus GET /api/v1/users",
        ru="такого пользователя нет: все перечислены в GET /api/v1/users",
    )


class UsernameTaken(Refusal):
    """Another user has this username."""

    code = "user.username_taken"
    texts = Texts(
        en="there is a user of that name: take another than {username}",
        et="selle nimega kasutaja on juba olemas: võta muu nimi kui {username}",
        ru="пользователь с таким именем уже есть: возьмите другое имя, не {username}",
    )
    username: str


class LastAdministrator(Refusal):
    """The change would leave nobody who can administer the service."""

    code = "user.last_administrator"
    texts = Texts(
        en="the last administrator must stay: make another first",
        et="viimane administraator peab jääma: tee enne teine",
        ru="последний администратор должен остаться: сначала создайте другого",
    )


class RoleUnknown(Refusal):
    """The role to be given to a user does not exist."""

    code = "role.unknown"
    status = 404
    texts = Texts(
        en="there is no role {role}; there are {roles}",
        et="rolli {role} ei ole; on olemas {roles}",
        ru="роли {role} нет; есть {roles}",
    )
    role: str
    roles: Sequence[str]


class NoSuchRole(Refusal):
    """There is no such role."""

    code = "role.missing"
    status = 404
    texts = Texts(
        en="no such role: GET /api/v1/roles lists all there are",
        et="sellist rolli ei ole: kõik rollid on loetelus GET /api/v1/roles",
        ru="такой роли нет: все перечислены в GET /api/v1/roles",
    )


class RoleBuiltIn(Refusal):
    """A built-in role cannot be changed or removed."""

    code = "role.built_in"
    texts = Texts(
        en="the role {role} is always there and stays as it is: make one of another name",
        et="roll {role} on alati olemas ja jääb selliseks, nagu on: tee teise nimega roll",
        ru="роль {role} есть всегда и не меняется: создайте роль с другим именем",
    )
    role: str


class RoleInUse(Refusal):
    """A role cannot be removed while users have it."""

    code = "role.in_use"
    texts = Texts(
        en="{users} users have this role: give them another one first",
        et="see roll on kasutajatel ({users}): anna neile enne teine roll",
        ru="эта роль есть у пользователей ({users}): сначала дайте им другую",
    )
    users: int


class MoreThanOneHas(Refusal):
    """Nobody may give a permission that they lack, nor change a user or role that has such a permission."""

    code = "role.more_than_own"
    status = 403
    texts = Texts(
        en="this is for those who have these permissions themselves: {permissions}",
        et="seda saab teha ainult see, kellel endal on need õigused: {permissions}",
        ru="это может сделать только тот, у кого самого есть эти права: {permissions}",
    )
    permissions: Sequence[str]


class TooManyTokens(Refusal):
    """The user already has the maximum number of tokens."""

    code = "token.too_many"
    texts = Texts(
        en="you have {most} tokens, and more there may not be: revoke one first",
        et="sul on {most} luba ja rohkem ei tohi olla: tühista enne mõni",
        ru="у вас уже {most} токенов, и больше быть не может: сначала отзовите один",
    )
    most: int


class TokenUnknown(Refusal):
    """The user has no such token."""

    code = "token.unknown"
    status = 404
    texts = Texts(
        en="you have no such token: GET /api/v1/tokens lists yours",
        et="sul ei ole sellist luba: sinu load on loetelus GET /api/v1/tokens",
        ru="у вас нет такого токена: ваши перечислены в GET /api/v1/tokens",
    )
