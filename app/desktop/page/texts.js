// What the page says, in three languages. English stands in for a text that is missing.

import { RULE_TEXTS } from "./rule_texts.js";

const TEXTS = {
  et: {
    log_in: "Logi sisse", log_out: "Logi välja", username: "Kasutajanimi", password: "Parool", language: "Keel",
    wrong_login: "Kasutajanimi või parool on vale.",
    too_many: "Liiga palju katseid. Proovi {s} s pärast uuesti.", no_service: "Teenus ei vasta. Proovi uuesti.",
    wrong_setup: "Sisse logida ei saa, sest teenus on valesti seadistatud. Näita administraatorile: {detail}",
    refused: "Ei õnnestunud: {why}", live: "Otseühendus", connecting: "Ühendan…",
    stale: "Andmed seisuga {at}, ühendan uuesti…", pbx_lost: "Telefonikeskjaam ei vasta",
    records_kept: "Andmebaas ei vasta, andmed hoitakse serveris alles",
    records_refused: "Andmebaas ei vasta, uusi andmeid läheb kaotsi",
    campaigns: "Kampaaniad", mode_preview: "eelvaatega", mode_progressive: "üks liin vabale operaatorile",
    mode_ratio: "kindel arv liine vabale operaatorile", mode_predictive: "ennustav", seconds: "{s} s",
    campaign_stopped: "Ei helista. Pooleli kõnesid: {n}", idle_of_them: "vabu {n}", at_most: "kuni {share}",
    pacing_ready: "Operaatoreid valmis", pacing_dials: "Helistamisel + uusi", pacing_answer_rate: "Vastatakse",
    pacing_within: "Aken", pacing_expected_free: "Vabaneb aknas", pacing_expected_answers: "Vastuseid aknas",
    pacing_risk: "Järgmise kõne risk / lubatud", pacing_abandoned_of: "Operaatorita jäi",
    bound_mode: "Rohkem liine see viis ei ava.", bound_no_leads: "Praegu pole kellelegi helistada.",
    bound_nobody_ready: "Ükski operaator pole valmis: ei helistata.", bound_lines: "Rohkem vabu liine pole.",
    bound_risk: "Järgmine vastaja võiks jääda operaatorita.",
    bound_record: "Praegu ei tohi ükski vastaja operaatorita jääda: igale kõnele hoitakse üht vaba operaatorit.",
    bound_learning: "Kõnede pikkus pole veel teada: igale kõnele hoitakse üht vaba operaatorit.",
    state_previewing: "Vaatab klienti", preview_lead: "Järgmine klient", preview_dialled: "Helistan…",
    preview_attempt: "{n}. katse", preview_callback: "palus helistada {at}", preview_dial: "Helista", preview_skip: "Jäta vahele",
    preview_why: "Vahelejätmise põhjus", preview_then_dials: "pärast helistatakse ise", preview_then_back: "pärast antakse tagasi",
    skip_called_lately: "hiljuti räägitud", skip_bad_moment: "sobimatu aeg", skip_wrong_person: "vale inimene", skip_other: "muu",
    bound_preview: "Helistab operaator ise.",
    bound_inbound: "Helistajad ootavad: järgmised vabad operaatorid on nende.",
    bound_callers: "Vabad operaatorid on jäetud oodatavatele helistajatele.",
    pacing_kept: "Hoitud vastajale + helistajatele",
    bound_room: "Rohkem korraga võiks lubatud osa ületada.",
    state_calling_out: "Helistab välja", outside: "väljas: {outside}",
    outgoing_refused: "Numbrile ei helistata: {why}", outgoing_back: "Klienti ei suunatud, ta on taas järjekorras: {why}",
    rule_out_phone_unknown: "see telefon ei ole ühegi operaatori oma", rule_out_emergency: "hädaabinumbrile siit ei helistata",
    rule_out_number_invalid: "sellist numbrit ei ole", rule_out_number_kind: "seda liiki numbrile helistada ei tohi",
    rule_out_number_country: "sellesse riiki helistada ei tohi", rule_out_hours: "praegu ei ole helistamise aeg",
    rule_out_calls_of_operator: "sul on liiga palju kõnesid korraga", rule_out_calls_of_centre: "kõiki väljuvaid liine kasutatakse",
    rule_out_money_of_operator: "sinu tänane kõneraha on otsas", rule_out_money_of_centre: "keskuse tänane kõneraha on otsas",
    rule_out_service_away: "teenus ei vastanud",
    alarm_refusals: "{who}: {n} keelatud väljakõne katset. Vaata, kas telefonikonto on varastatud.",
    alarm_money_of_operator: "{who}: tänane kõneraha on otsas.", alarm_money_of_centre: "Keskuse tänane kõneraha on otsas.",
    alarm_emergency: "{who}: helistati hädaabinumbrile.", outcome_refused: "ei lubatud",
    my_state: "Minu olek", be_available: "Vabaks", be_on_break: "Pausile", be_offline: "Lahkun",
    break_reason: "Pausi põhjus", end_wrap_up: "Lõpeta järeltöö ({left})", end_wrap_up_plain: "Lõpeta järeltöö",
    queues: "Järjekorrad", waiting_callers: "Ootavad helistajad", calls: "Kõned", operators: "Operaatorid",
    no_queues: "Ühtegi järjekorda ei ole", no_waiting: "Ühtegi kõnet ei oota", no_calls: "Ühtegi kõnet ei ole",
    no_operators: "Ühtegi operaatorit ei ole",
    waiting: "ootab", longest: "pikim ootamine", idle_n: "vaba", talking_n: "kõnes", wrap_up_n: "järeltöös",
    break_n: "pausil", target: "siht {s} s", unknown_caller: "Tundmatu helistaja", hidden_number: "Number varjatud",
    offered_to: "pakutakse: {who}", rings_at: "heliseb: {who}", with: "{who}", external: "väline number",
    state_offline: "Ei ole tööl", state_idle: "Vaba", state_no_phone: "Telefon ühendamata",
    state_reserved: "Kõne tuleb", state_ringing: "Heliseb", state_talking: "Kõnes", state_on_hold: "Klient ootel",
    state_wrap_up: "Järeltöö", state_on_break: "Pausil", then: "seejärel: {what}", leaving: "lõpetamisel", parked_at: "pargitud kohal {place}",
    incoming: "Sissetulev kõne", in_talk: "Kõnes", waited: "ootas {s}", queue: "Järjekord", which_contact:
    "Sellel numbril on mitu kontakti. Kes helistab?", past_call: "Kõne", close: "Sulge", not_found: "Kõnet ei leitud.",
    outcome_answered: "vastatud", outcome_abandoned: "katkestas ootamise", outcome_max_wait: "ootamise piir täis", outcome_dropped: "jäi operaatorita",
    outcome_failed: "ebaõnnestus", outcome_lost: "liin vaikis", outcome_turned_away: "liiga palju ootajaid", language_of_call: "Keel", rule_preferred: "sinu viimane klient",
    rule_kept: "sind hoiti selle kliendi jaoks", rule_longest_idle: "olid kõige kauem vaba", rule_longest_waiting: "ootas kõige kauem",
    what_came_of_it: "Mis kõnest sai?", disposition_due: "Järeltöö kestab, kuni see on märgitud.",
    save_disposition: "Salvesta", save_correction: "Salvesta parandus", correct: "Paranda", last_call: "Viimane kõne:",
    no_dispositions: "Sellel kampaanial ei ole ühtegi tulemust.", note: "Märkus",
    never_again: "Sellele inimesele ei helistata enam üheski kampaanias.",
    callback_when: "Millal tagasi helistada", callback_who: "Kes helistab", callback_mine: "mina", callback_anybody: "kes vaba on",
    callback_needs_time: "Märgi, millal tagasi helistada.", in_an_hour: "Tunni pärast", tomorrow_at: "Homme kell {at}",
    break_lunch: "lõuna", break_rest: "puhkus", break_meeting: "koosolek", break_training: "koolitus",
    break_other: "muu", break_missed_calls: "vastamata kõned", break_phone_failed: "telefon ei tööta",
  },
  ru: {
    log_in: "Войти", log_out: "Выйти", username: "Имя пользователя", password: "Пароль", language: "Язык",
    wrong_login: "Неверное имя пользователя или пароль.",
    too_many: "Слишком много попыток. Повторите через {s} с.", no_service: "Служба не отвечает. Повторите.",
    wrong_setup: "Войти нельзя: служба настроена неверно. Покажите администратору: {detail}",
    refused: "Не удалось: {why}", live: "На связи", connecting: "Подключение…",
    stale: "Данные на {at}, переподключение…", pbx_lost: "АТС не отвечает",
    records_kept: "База недоступна, данные хранятся на сервере",
    records_refused: "База недоступна, новые данные теряются",
    campaigns: "Кампании", mode_preview: "с просмотром", mode_progressive: "одна линия на свободного оператора",
    mode_ratio: "заданное число линий на свободного оператора", mode_predictive: "предиктивный", seconds: "{s} с",
    campaign_stopped: "Не звонит. Ещё идут звонки: {n}", idle_of_them: "свободны {n}", at_most: "не более {share}",
    pacing_ready: "Готовы операторы", pacing_dials: "Набираются + новые", pacing_answer_rate: "Отвечают",
    pacing_within: "Окно", pacing_expected_free: "Освободятся за окно", pacing_expected_answers: "Ответов за окно",
    pacing_risk: "Риск следующего звонка / допустимый", pacing_abandoned_of: "Остались без оператора",
    bound_mode: "Больше линий этот режим не открывает.", bound_no_leads: "Сейчас некому звонить.",
    bound_nobody_ready: "Ни один оператор не готов: звонков нет.", bound_lines: "Свободных линий больше нет.",
    bound_risk: "Следующий ответивший может остаться без оператора.",
    bound_record: "Сейчас никто не должен остаться без оператора: для каждого набора держим свободного оператора.",
    bound_learning: "Длительность разговоров ещё неизвестна: для каждого набора держим свободного оператора.",
    state_previewing: "Смотрит клиента", preview_lead: "Следующий клиент", preview_dialled: "Звоню…",
    preview_attempt: "попытка {n}", preview_callback: "просил позвонить {at}", preview_dial: "Позвонить", preview_skip: "Пропустить",
    preview_why: "Причина пропуска", preview_then_dials: "затем наберётся само", preview_then_back: "затем вернётся в список",
    skip_called_lately: "недавно говорили", skip_bad_moment: "неподходящее время", skip_wrong_person: "не тот человек", skip_other: "другое",
    bound_preview: "Звонит сам оператор.",
    bound_inbound: "Звонящие ждут: следующие свободные операторы для них.",
    bound_callers: "Свободные операторы оставлены для ожидаемых звонков.",
    pacing_kept: "Оставлены: ответившему + звонящим",
    bound_room: "Больше звонков сразу могли бы превысить допустимую долю.",
    state_calling_out: "Звонит наружу", outside: "снаружи: {outside}",
    outgoing_refused: "Номер не набран: {why}", outgoing_back: "Клиент не переведён, он снова в очереди: {why}",
    rule_out_phone_unknown: "этот телефон не принадлежит ни одному оператору", rule_out_emergency: "на экстренный номер отсюда не звонят",
    rule_out_number_invalid: "такого номера нет", rule_out_number_kind: "на номера этого вида звонить нельзя",
    rule_out_number_country: "в эту страну звонить нельзя", rule_out_hours: "сейчас не время звонков",
    rule_out_calls_of_operator: "у вас слишком много звонков сразу", rule_out_calls_of_centre: "все исходящие линии заняты",
    rule_out_money_of_operator: "ваши деньги на звонки на сегодня истрачены", rule_out_money_of_centre: "деньги центра на звонки на сегодня истрачены",
    rule_out_service_away: "служба не ответила",
    alarm_refusals: "{who}: запрещённых исходящих звонков: {n}. Проверьте, не украдена ли учётная запись телефона.",
    alarm_money_of_operator: "{who}: деньги на звонки на сегодня истрачены.", alarm_money_of_centre: "Деньги центра на звонки на сегодня истрачены.",
    alarm_emergency: "{who}: набран экстренный номер.", outcome_refused: "не разрешён",
    my_state: "Моё состояние", be_available: "Свободен", be_on_break: "Перерыв", be_offline: "Ухожу",
    break_reason: "Причина перерыва", end_wrap_up: "Закончить обработку ({left})", end_wrap_up_plain: "Закончить обработку",
    queues: "Очереди", waiting_callers: "Ожидающие", calls: "Разговоры", operators: "Операторы",
    no_queues: "Нет ни одной очереди", no_waiting: "Никто не ожидает", no_calls: "Нет разговоров",
    no_operators: "Нет ни одного оператора",
    waiting: "ждут", longest: "дольше всех", idle_n: "своб.", talking_n: "говорят", wrap_up_n: "обраб.",
    break_n: "пауза", target: "цель {s} с", unknown_caller: "Неизвестный абонент", hidden_number: "Номер скрыт",
    offered_to: "предложен: {who}", rings_at: "звонит: {who}", with: "{who}", external: "внешний номер",
    state_offline: "Не на месте", state_idle: "Свободен", state_no_phone: "Телефон не подключён",
    state_reserved: "Идёт звонок", state_ringing: "Звонит", state_talking: "Разговор", state_on_hold: "На удержании",
    state_wrap_up: "Обработка", state_on_break: "Перерыв", then: "затем: {what}", leaving: "завершается", parked_at: "на парковке {place}",
    incoming: "Входящий звонок", in_talk: "Разговор", waited: "ждал {s}", queue: "Очередь", which_contact:
    "У этого номера несколько контактов. Кто звонит?", past_call: "Звонок", close: "Закрыть", not_found: "Звонок не найден.",
    outcome_answered: "отвечен", outcome_abandoned: "не дождался", outcome_max_wait: "предел ожидания", outcome_dropped: "остался без оператора",
    outcome_failed: "сбой", outcome_lost: "линия замолчала", outcome_turned_away: "слишком много ожидающих", language_of_call: "Язык", rule_preferred: "ваш последний клиент",
    rule_kept: "вас держали для этого клиента", rule_longest_idle: "вы свободны дольше всех", rule_longest_waiting: "ждал дольше всех",
    what_came_of_it: "Чем закончился разговор?", disposition_due: "Обработка продлится, пока это не отмечено.",
    save_disposition: "Сохранить", save_correction: "Сохранить исправление", correct: "Исправить", last_call: "Последний звонок:",
    no_dispositions: "У этой кампании нет ни одного результата.", note: "Заметка",
    never_again: "Этому человеку больше не звонят ни в одной кампании.",
    callback_when: "Когда перезвонить", callback_who: "Кто звонит", callback_mine: "я", callback_anybody: "кто свободен",
    callback_needs_time: "Укажите, когда перезвонить.", in_an_hour: "Через час", tomorrow_at: "Завтра в {at}",
    break_lunch: "обед", break_rest: "отдых", break_meeting: "совещание", break_training: "обучение",
    break_other: "другое", break_missed_calls: "пропущенные звонки", break_phone_failed: "телефон не работает",
  },
  en: {
    log_in: "Log in", log_out: "Log out", username: "Username", password: "Password", language: "Language",
    wrong_login: "The username or the password is wrong.",
    too_many: "Too many attempts. Try again in {s} s.", no_service: "The service does not answer. Try again.",
    wrong_setup: "You cannot log in because the service is set up wrongly. Show this to its administrator: {detail}",
    refused: "Not done: {why}", live: "Live", connecting: "Connecting…",
    stale: "As of {at}, reconnecting…", pbx_lost: "The PBX does not answer",
    records_kept: "Database away, records are kept on the server",
    records_refused: "Database away, new records are being lost",
    campaigns: "Campaigns", mode_preview: "preview", mode_progressive: "one line for each free operator",
    mode_ratio: "fixed lines for each free operator", mode_predictive: "predictive", seconds: "{s} s",
    campaign_stopped: "Not dialling. Calls under way: {n}", idle_of_them: "{n} idle", at_most: "at most {share}",
    pacing_ready: "Operators ready", pacing_dials: "Ringing + new", pacing_answer_rate: "Answered",
    pacing_within: "Window", pacing_expected_free: "Become free in it", pacing_expected_answers: "Answers in it",
    pacing_risk: "Risk of the next call / accepted", pacing_abandoned_of: "Without an operator",
    bound_mode: "This mode opens no more lines.", bound_no_leads: "There is nobody to call now.",
    bound_nobody_ready: "No operator is ready: nothing is dialled.", bound_lines: "There are no more free lines.",
    bound_risk: "Whoever answers next might find no operator.",
    bound_record: "Nobody may go without an operator now: a free operator is kept for each dial.",
    bound_learning: "How long calls take is not known yet: a free operator is kept for each dial.",
    state_previewing: "Looking at a lead", preview_lead: "Next customer", preview_dialled: "Dialling…",
    preview_attempt: "attempt {n}", preview_callback: "asked to be called at {at}", preview_dial: "Dial", preview_skip: "Skip",
    preview_why: "Reason to skip", preview_then_dials: "then it is dialled", preview_then_back: "then it is given back",
    skip_called_lately: "spoke lately", skip_bad_moment: "bad moment", skip_wrong_person: "wrong person", skip_other: "other",
    bound_preview: "Operators dial themselves.",
    bound_inbound: "Callers wait: the next free operators are theirs.",
    bound_callers: "Free operators are left for callers who are expected.",
    pacing_kept: "Kept for dials + left for callers",
    bound_room: "More at once might pass the share allowed.",
    state_calling_out: "Calling outside", outside: "outside: {outside}",
    outgoing_refused: "The number is not called: {why}", outgoing_back: "The customer was not transferred, and is back in the queue: {why}",
    rule_out_phone_unknown: "this phone is no operator's", rule_out_emergency: "numbers for help are not called from here",
    rule_out_number_invalid: "there is no such number", rule_out_number_kind: "numbers of this kind may not be called",
    rule_out_number_country: "this country may not be called", rule_out_hours: "it is outside the hours for calls",
    rule_out_calls_of_operator: "you have too many calls at once", rule_out_calls_of_centre: "all lines to the outside are in use",
    rule_out_money_of_operator: "your money for calls is spent for today", rule_out_money_of_centre: "the centre's money for calls is spent for today",
    rule_out_service_away: "the service did not answer",
    alarm_refusals: "{who}: {n} calls outside were refused. See whether the phone's account was stolen.",
    alarm_money_of_operator: "{who}: the money for calls is spent for today.", alarm_money_of_centre: "The centre's money for calls is spent for today.",
    alarm_emergency: "{who}: a number for help was called.", outcome_refused: "not allowed",
    my_state: "My state", be_available: "Available", be_on_break: "Break", be_offline: "Leave",
    break_reason: "Reason of the break", end_wrap_up: "End wrap-up ({left})", end_wrap_up_plain: "End wrap-up",
    queues: "Queues", waiting_callers: "Waiting callers", calls: "Calls", operators: "Operators",
    no_queues: "There is no queue", no_waiting: "No call is waiting", no_calls: "There are no calls",
    no_operators: "There is no operator",
    waiting: "waiting", longest: "longest wait", idle_n: "idle", talking_n: "talking", wrap_up_n: "wrap-up",
    break_n: "on break", target: "target {s} s", unknown_caller: "Unknown caller", hidden_number: "Number withheld",
    offered_to: "offered to {who}", rings_at: "rings at {who}", with: "{who}", external: "outside number",
    state_offline: "Offline", state_idle: "Idle", state_no_phone: "Phone not connected",
    state_reserved: "Call coming", state_ringing: "Ringing", state_talking: "Talking", state_on_hold: "Caller on hold",
    state_wrap_up: "Wrap-up", state_on_break: "On break", then: "then: {what}", leaving: "leaving", parked_at: "parked at {place}",
    incoming: "Incoming call", in_talk: "Talking", waited: "waited {s}", queue: "Queue", which_contact:
    "Several contacts have this number. Who is calling?", past_call: "Call", close: "Close", not_found: "No such call.",
    outcome_answered: "answered", outcome_abandoned: "abandoned", outcome_max_wait: "waited too long", outcome_dropped: "no operator in time",
    outcome_failed: "failed", outcome_lost: "line went silent", outcome_turned_away: "too many waited", language_of_call: "Language", rule_preferred: "your last customer",
    rule_kept: "you were kept for this customer", rule_longest_idle: "you were idle longest", rule_longest_waiting: "waited longest",
    what_came_of_it: "What did the call come to?", disposition_due: "The wrap-up goes on until you say so.",
    save_disposition: "Save", save_correction: "Save correction", correct: "Correct", last_call: "Last call:",
    no_dispositions: "This campaign has no dispositions.", note: "Note",
    never_again: "This person is not called again in any campaign.",
    callback_when: "When to call back", callback_who: "Who calls", callback_mine: "me", callback_anybody: "anybody",
    callback_needs_time: "Say when to call back.", in_an_hour: "In an hour", tomorrow_at: "Tomorrow at {at}",
    break_lunch: "lunch", break_rest: "rest", break_meeting: "meeting", break_training: "training",
    break_other: "other", break_missed_calls: "missed calls", break_phone_failed: "phone not working",
  },
};
for (const [name, more] of Object.entries(RULE_TEXTS)) Object.assign(TEXTS[name], more);
const KEY = "keskus.language";

export let language = pick();
/** How numbers, dates and clocks are written: with 24 hours, in English as in Britain. */
const LOCALES = { et: "et-EE", ru: "ru-RU", en: "en-GB" };
export let locale = LOCALES[language];

function pick() {
  const wanted = [localStorage.getItem(KEY), ...navigator.languages.map((one) => one.slice(0, 2))];
  return wanted.find((one) => one in TEXTS) ?? "et";
}

export function speak(chosen) {
  language = chosen;
  locale = LOCALES[chosen];
  localStorage.setItem(KEY, chosen);
  translate(document);
}

/** The text of this name, with `{holes}` filled. */
export function text(name, holes = {}) {
  const found = TEXTS[language][name] ?? TEXTS.en[name] ?? name;
  return found.replace(/\{(\w+)\}/g, (_, hole) => holes[hole] ?? "");
}

/** The text of this name, or what stands in for a name that nobody foresaw. */
export function textOr(name, otherwise) {
  return name in TEXTS.en ? text(name) : otherwise;
}

export function translate(root) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
}
