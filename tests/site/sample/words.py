"""The vocabulary of the invented news: tables only, read by ``stories.py``.

A ``{slot}`` in a sentence is filled from the story's cast (one official, one city, one body for
the whole story) or, if the cast has no such part, drawn anew from :data:`WORDS`. Nothing here is
quoted from a newspaper; places are real, people, bodies and events are not.
"""

# ruff: noqa: E501  (a sentence stays on its line where it nearly fits)

from __future__ import annotations

from typing import NamedTuple

#: Family names, in Latin letters and in Hangul.
FAMILY_NAMES = (
    ("Gwak", "곽"), ("Noh", "노"), ("Pyo", "표"), ("Ryu", "류"), ("Min", "민"), ("Baek", "백"),
    ("Seok", "석"), ("Ahn", "안"), ("Ok", "옥"), ("Ju", "주"), ("Cha", "차"), ("Tak", "탁"),
    ("Pae", "배"), ("Heo", "허"), ("Gil", "길"), ("Bang", "방"), ("Eom", "엄"), ("Hyun", "현"),
)  # fmt: skip

#: Syllables of given names, in Latin letters and in Hangul.
FIRST_SYLLABLES = (
    ("Na", "나"), ("Do", "도"), ("Ra", "라"), ("Mi", "미"), ("Bo", "보"), ("Seo", "서"),
    ("A", "아"), ("Ye", "예"), ("Ji", "지"), ("Chae", "채"), ("Ha", "하"), ("Gyu", "규"),
    ("Tae", "태"), ("Eun", "은"),
)  # fmt: skip
SECOND_SYLLABLES = (
    ("rae", "래"), ("yun", "윤"), ("bin", "빈"), ("hwa", "화"), ("mok", "목"), ("jin", "진"),
    ("ram", "람"), ("won", "원"), ("gyeong", "경"), ("seul", "슬"), ("ri", "리"), ("hoon", "훈"),
    ("ok", "옥"), ("byeol", "별"),
)  # fmt: skip

FOREIGN_NAMES = (
    "Ingrid Halvorsen", "Tomas Verhoeven", "Amara Okonjo", "Lucian Petrescu", "Mireille Charbon",
    "Desmond Falk", "Priya Ranganath", "Otto Lindqvist", "Carolina Bustos", "Hamish Dunmore",
    "Yuki Tanimoto", "Anneke de Wit", "Selim Karadag", "Bronwen Pryce", "Rafael Quintela",
    "Greta Mossberg", "Nadia Benhassi", "Walter J. Prendergast", "Elise van Houten",
)  # fmt: skip


class Topic(NamedTuple):
    """What one kind of news is made of."""

    headlines: tuple[str, ...]
    leads: tuple[str, ...]
    facts: tuple[str, ...]
    captions: tuple[str, ...]


MILITARY = Topic(
    headlines=(
        "N. Korea stages {adjective} drill near {town}: {short}",
        "Seoul weighs {adjective} answer to North's {weapon} launch",
        "Military spots {count} {vessel} off {town}",
        "{short} sees no sign of {adjective} move at {town} site",
        "N. Korea unveils {weapon} at night parade",
        "Allies plan {adjective} exercise around {city} in {month}",
        "North rebuilds guard post near {town}, {official} says",
        "{weapon_cap} fell into waters east of {town}, Seoul says",
    ),
    leads=(
        (
            "North Korea moved {count} {vessel} toward the waters off {town} on {day}, {body} said, "
            "in what {expert_role} called a {adjective} show of strength."
        ),
        (
            "South Korea's military detected the launch of a {weapon} from an area near {town} early "
            "{day}, {body} said."
        ),
        (
            "North Korean troops rehearsed a {adjective} river crossing near {town} for the "
            "{ordinal} time this year, according to {body}."
        ),
        (
            "{body_cap} said {day} that a {weapon} shown by the North {timespan} ago now appears "
            "ready for {adjective} trials."
        ),
        (
            "The allies will hold a {adjective} exercise around {city} in {month} with about "
            "{count} troops, {official} told reporters on {day}."
        ),
    ),
    facts=(
        "The {weapon} flew {distance} kilometers at a top altitude of {distance} kilometers.",
        "Radar in {city} followed the object for {minutes} minutes before it was lost over the sea.",
        "{count_cap} {vessel} had left the harbor of {town} {timespan} earlier.",
        "Satellite pictures taken on {date} show fresh tracks along the northern edge of the base.",
        (
            "A {adjective} battery stood at the site until {month}, but its present whereabouts are "
            "unclear."
        ),
        "The unit is believed to command {count} soldiers and a {adjective} radio station.",
        "Fishermen from {town} were told to stay in port until {day} evening.",
        "Engineers widened the runway by {distance} meters between {month} and {month}.",
        "The exercise was halved in size {timespan} ago to leave room for {adjective} diplomacy.",
        "Debris was later collected by a {vessel_one} some {distance} kilometers from the coast.",
    ),
    captions=(
        "A {weapon} is moved past the reviewing stand during a parade in {town} on {date}.",
        "Soldiers carry a {adjective} pontoon bridge to the river near {town}, {day}.",
        "This undated picture shows {count} {vessel} at anchor off {town}.",
    ),
)

DIPLOMACY = Topic(
    headlines=(
        "Koreas to reopen {adjective} hotline in {month}",
        "Envoys of three nations meet in {city} over the North",
        "{short} calls for {adjective} talks with Pyongyang",
        "{official} to visit {capital} for {adjective} consultations",
        "Pyongyang answers Seoul's letter after {timespan}",
        "North agrees to {adjective} checks at {town} crossing",
        "{capital} and Seoul differ on sanctions relief: {official}",
        "‘No shortcut to {adjective} peace,’ {short} chief says",
    ),
    leads=(
        (
            "Diplomats from {count} countries met in {city} on {day} to look for a {adjective} way "
            "back to talks with North Korea, {body} said."
        ),
        (
            "North Korea picked up the {adjective} telephone line at {town} on {day} morning, "
            "{timespan} after it had fallen silent, {body} said."
        ),
        (
            "{official}, {role}, will travel to {capital} next {weekday} for {adjective} "
            "consultations on the North, {body} said."
        ),
        (
            "A letter from the North's premier reached {city} on {day} through a {adjective} channel, "
            "according to {expert}, {expert_role}."
        ),
        (
            "{body_cap} proposed on {day} that families separated by the border meet in {town} "
            "before the end of {month}."
        ),
    ),
    facts=(
        "The meeting lasted {minutes} minutes, twice as long as had been planned.",
        "Both sides left open who would pay for the road between {town} and {city}.",
        "{count_cap} families have put their names on the {adjective} list since {month}.",
        "The line was last used on {date}, when a {vessel_one} had drifted across the border.",
        "A second round is expected in {capital}, although no date was named.",
        "The draft speaks of a {adjective} pause, a word that {capital} has avoided so far.",
        "{official2}, who led the talks {timespan} ago, now advises {think}.",
        "Lawmakers of both parties asked for a {adjective} report by {day}.",
        "The ambassador in {capital} was told in advance, an aide to {official} said.",
        "The crossing at {town} has been shut to trucks for {timespan}.",
    ),
    captions=(
        "{official} (left) greets {foreigner} before their talks in {city}, {day}.",
        "Flags are put up ahead of the {adjective} talks at a hotel in {capital} on {date}.",
        "{official}, {role}, speaks to reporters in {city}, {day}.",
    ),
)

ECONOMY_NORTH = Topic(
    headlines=(
        "North's trade with neighbor {rose} {percent} percent in {month}",
        "Rice prices in {town} {fell} to lowest in {timespan}",
        "N. Korea opens {adjective} {plant} in {town}",
        "Trains return to {town} line after {timespan}",
        "{short}: North short of {count} tons of {goods}",
        "Satellite images show {plant} at work in {town}",
        "North sets up {adjective} market for {goods}",
    ),
    leads=(
        (
            "North Korea's imports of {goods} {rose} {percent} percent in {month} from a year "
            "earlier, {body} said {day}."
        ),
        (
            "A {adjective} {plant} has begun to run in the northern town of {town}, pictures taken "
            "from space suggest, {think} said on {day}."
        ),
        (
            "The price of {goods} in {town} {fell} by {percent} percent within {timespan}, "
            "according to {body}."
        ),
        (
            "Freight trains cross the river at {town} again, {timespan} after the bridge was closed, "
            "{expert} of {think} said {day}."
        ),
        (
            "The North's cabinet wants every county to build a {plant} by {month}, state radio "
            "reported on {day}."
        ),
    ),
    facts=(
        "A kilogram of {goods} cost {thousands} won there on {date}.",
        "About {count} tons of {goods} arrived through {town} in {month} alone.",
        "The {plant} had stood idle for {timespan} for want of {goods}.",
        "Customs figures leave out {goods}, which makes {adjective} comparisons hard.",
        "Each household was asked to deliver {small} kilograms of {goods}.",
        "Traders in {town} now take orders by telephone, a {adjective} novelty.",
        "{count_cap} workers from {city} are said to have moved there for the season.",
        "Power comes from a small dam finished {timespan} ago on the {river}.",
        "The budget for {goods} {rose} {percent} percent, faster than any other item.",
        "Floods on the {river} had washed away {distance} meters of track.",
    ),
    captions=(
        "Workers load {goods} onto a train at {town} station on {date}.",
        "A view of the {adjective} {plant} in {town}.",
        "Women sell {goods} at a roadside market near {town}, {day}.",
    ),
)

SOCIETY_NORTH = Topic(
    headlines=(
        "{count_cap} defectors graduate from {adjective} school in {city}",
        "Storm tears roofs off homes in {town}: state radio",
        "Defector cooks bring {town} noodles to {city}",
        "North tells schools to plant {goods}",
        "Separated sisters, {age} and {age2}, meet by video",
        "UN body counts {count} cases of {illness} in North",
        "Diary from {town} shows {adjective} daily life",
    ),
    leads=(
        (
            "{count_cap} people who fled North Korea finished a {adjective} course at a school in "
            "{city} on {day}, {body} said."
        ),
        (
            "A storm tore the roofs off {count} homes in and around {town} on {day}, the North's "
            "state radio reported."
        ),
        (
            "{foreigner}, who spent {timespan} in {town} as an aid worker, has published a "
            "{adjective} diary of daily life there."
        ),
        (
            "Two sisters of {age} and {age2}, parted as children near {town}, saw each other on a "
            "screen in {city} on {day}."
        ),
        (
            "Health workers counted {count} cases of {illness} in {town} in {month}, {body} said in "
            "a {adjective} report."
        ),
    ),
    facts=(
        "Classes are held in the evening, since {percent} percent of the pupils have day jobs.",
        "Her first winter in {city} was so quiet, she recalls, that she kept the radio on.",
        "The river {river} rose {small} meters within {minutes} minutes.",
        "Volunteers from {city} sent {count} blankets and {count} sacks of {goods}.",
        "The school opened {timespan} ago with {small} pupils in a former {plant}.",
        "A neighbor had kept the {adjective} photograph in a tin for {timespan}.",
        "Clinics in {town} lack {goods}, and nurses walk up to {distance} kilometers a week.",
        "He learned to cook from an aunt who ran a canteen near the {river}.",
        "The report rests on talks with {count} people who left the North after {month}.",
        "Prizes went to pupils from {town} and {city}.",
    ),
    captions=(
        "Graduates throw their caps in the yard of a school in {city}, {day}.",
        "Damaged homes stand along the {river} in {town} on {date}.",
        "{foreigner} signs copies of a book at a shop in {city}, {day}.",
    ),
)

POLITICS = Topic(
    headlines=(
        "Assembly to vote on {adjective} {bill} bill {day}",
        "{official} steps down over {adjective} remarks",
        "Ruling party picks {official} for {city} seat",
        "Approval of {short} {rose} to {percent} percent",
        "{city} council splits over {bill} plan",
        "Parties agree on {adjective} panel for {bill} reform",
    ),
    leads=(
        (
            "The National Assembly will vote on a {adjective} {bill} bill on {day}, after parties "
            "agreed to drop its most disputed clause."
        ),
        (
            "{official}, {role}, offered to step down on {day} over {adjective} remarks made at a "
            "dinner in {city}."
        ),
        (
            "{percent_cap} percent of {count} people asked in {month} approve of the {adjective} "
            "{bill} plan, {think} said {day}."
        ),
        (
            "The council of {city} put off a decision on {bill} by {timespan} after a {adjective} "
            "session that ran past midnight."
        ),
    ),
    facts=(
        "The bill passed its committee by {small} votes to {small2}.",
        "{official2} had warned in {month} that the clause would not stand in court.",
        "Turnout in {city} was {percent} percent, the {ordinal} lowest on record.",
        "Supporters say the {bill} rules have not been touched for {timespan}.",
        "The plan would cost {won} won over {timespan}, half of it borne by the provinces.",
        "An independent panel of {small} is to report back in {month}.",
        "Several mayors, {official2} among them, signed a {adjective} letter against it.",
        "The session was broken off for {minutes} minutes when the lights failed.",
    ),
    captions=(
        "{official} bows to reporters at the National Assembly in Seoul, {day}.",
        "Lawmakers vote on the {bill} bill at the National Assembly on {date}.",
        "Residents of {city} hold signs about the {bill} plan, {day}.",
    ),
)

SOCIETY = Topic(
    headlines=(
        "{city} to plant {count} trees along {river}",
        "Bus drivers in {city} call {adjective} strike",
        "Court clears baker in {adjective} {goods} case",
        "Police find {count} stolen bicycles in {town}",
        "{percent_cap} percent of young people in {city} live alone",
        "Heat wave kills {small} in {city}, {town}",
        "[Graphic News] How Koreans spend their {weekday}s",
    ),
    leads=(
        (
            "The city of {city} will plant {count} trees along the {river} by {month} to cool its "
            "{adjective} center, {body} said {day}."
        ),
        (
            "Bus drivers in {city} said on {day} they would stop work for {timespan} unless "
            "{adjective} shifts are cut."
        ),
        (
            "A court in {city} cleared a baker of selling {adjective} {goods} on {day}, ending a "
            "case that had lasted {timespan}."
        ),
        (
            "Police in {town} found {count} stolen bicycles in a former {plant} on {day} and asked "
            "owners to come forward."
        ),
    ),
    facts=(
        "Each tree costs {thousands} won, including water for its first {timespan}.",
        "{count_cap} people rode the {adjective} line on {date} alone.",
        "The judge, {official2}, spoke of {adjective} evidence and a hasty search.",
        "A resident of {age} said she had seen trucks at night since {month}.",
        "The fine could have reached {won} won.",
        "Schools near the {river} will start {minutes} minutes later until {day}.",
        "Temperatures in {town} stayed above {degrees} degrees for {small} nights in a row.",
        "The fire service answered {count} calls in {city}, {percent} percent more than usual.",
    ),
    captions=(
        "People cool their feet in the {river} in {city}, {day}.",
        "Buses stand in a depot in {city} on {date}.",
        "Volunteers plant trees along the {river} in {city}, {day}.",
    ),
)

BUSINESS = Topic(
    headlines=(
        "{company} to build {adjective} {plant} in {city}",
        "Exports of {goods} {rose} {percent} percent in {month}",
        "{company} names {official} chief executive",
        "{company}, {company2} call off {adjective} merger",
        "Won at {timespan} low on {adjective} data",
        "{company} recalls {count} {gadget} over batteries",
    ),
    leads=(
        (
            "{company} will build a {adjective} {plant} in {city} for {won} won, the firm said on "
            "{day}."
        ),
        (
            "South Korea's exports of {goods} {rose} {percent} percent in {month} from a year "
            "earlier, {body} said {day}."
        ),
        (
            "{company} named {official} its chief executive on {day}, the {ordinal} change at the "
            "top within {timespan}."
        ),
        (
            "{company} and {company2} called off their {adjective} merger on {day}, citing the cost "
            "of {goods}."
        ),
    ),
    facts=(
        "Shares of {company} {fell} {percent} percent in {city} to {thousands} won.",
        "The {plant} is to employ {count} people from {month}.",
        "Analysts at {think} had expected a {adjective} result.",
        "Orders for {gadget} came mainly from {capital}.",
        "Sales reached {won} won in the quarter, {percent} percent of them abroad.",
        "The firm was founded {timespan} ago in a garage in {town}.",
        "{company2} holds {small} percent and has asked for a {adjective} seat on the board.",
        "R&D spending {rose} to {won} won, a Q&A paper handed to investors shows.",
    ),
    captions=(
        "A visitor tries {gadget} at the {company} stand at a fair in {city}, {day}.",
        "The site of the {adjective} {plant} of {company} in {city}.",
        "{official}, chief executive of {company}.",
    ),
)

CULTURE = Topic(
    headlines=(
        "‘{title}’ opens {adjective} festival in {city}",
        "Potter {official} shows {adjective} jars in {city}",
        "{city} museum hangs {adjective} scrolls after {timespan}",
        "What to eat in {city}: {goods} and {dish}",
        "‘{title}’ sells {count} copies in {timespan}",
        "Singer {official} to tour {small} cities with ‘{title}’",
    ),
    leads=(
        (
            "“{title},” a {adjective} film about a lighthouse keeper, opened the festival of {city} "
            "on {day} to an audience of {count}."
        ),
        (
            "{official}, a potter of {age}, shows {count} {adjective} jars in a former {plant} in "
            "{city} until {month}."
        ),
        (
            "A museum in {city} hung {small} {adjective} scrolls on {day}, {timespan} after they had "
            "been found behind a wall."
        ),
        "Nobody in {city} agrees on the origin of {dish}, but everybody knows where to eat it.",
    ),
    facts=(
        "Tickets cost between {thousands} won and {thousands} won.",
        "The clay comes from the banks of the {river} and rests for {timespan}.",
        "“{title}” was written in {minutes} minutes, its author likes to say.",
        "The scrolls were dried with paper from {town}, a {adjective} craft of {small} families.",
        "A bowl of {dish} with {goods} costs {thousands} won at the market.",
        "{foreigner}, who runs the festival, first came to {city} as a student.",
        "The second hall, {adjective} and dim, holds drawings from {town}.",
        "Guests sang along from the {ordinal} song, says {official2}.",
    ),
    captions=(
        "A scene from “{title}” (Lantern Street Pictures)",
        "A jar by {official} on show in {city}.",
        "A bowl of {dish} at a market in {city}.",
    ),
)

SPORTS = Topic(
    headlines=(
        "{team} beat {team2} {small}-{small2} in {city}",
        "{official} takes {adjective} lead at {city} Open",
        "{team} sign {foreigner} for {timespan}",
        "Korea draw with {adjective} {capital} side",
        "{team} coach {official} fined over {adjective} gesture",
    ),
    leads=(
        (
            "{team} beat {team2} {small}-{small2} in {city} on {day} to end a {adjective} run that "
            "had lasted {timespan}."
        ),
        "{official} took a {adjective} lead at the {city} Open on {day} with a round of {strokes}.",
        "{team} signed {foreigner} for {timespan}, the club from {city} said on {day}.",
    ),
    facts=(
        "{official2} scored in the {minutes}th minute from {small} meters.",
        "{count_cap} people watched in {adjective} rain.",
        "The club has lost {small} of its last {small2} games away from {city}.",
        "A knee had kept {official} out for {timespan}.",
        "{team2} meet the side from {town} on {weekday}.",
        "It was the {ordinal} victory over {team2} since {month}.",
    ),
    captions=(
        "Players of {team} celebrate a goal against {team2} in {city}, {day}.",
        "{official} tees off at the {city} Open, {day}.",
    ),
)

WORLD = Topic(
    headlines=(
        "Ferry with {count} aboard towed to {capital} port",
        "{capital} bans {goods} in {adjective} step",
        "Volcano near {capital} sends ash over {small} towns",
        "{foreigner} wins {adjective} vote in {capital}",
    ),
    leads=(
        (
            "A ferry with {count} people aboard was towed into the port of {capital} on {day} after "
            "a {adjective} night at sea."
        ),
        (
            "The government in {capital} banned the sale of {goods} on {day}, a {adjective} step "
            "that shops had feared for {timespan}."
        ),
        "{foreigner} won a {adjective} vote in {capital} on {day} by {count} ballots.",
    ),
    facts=(
        "No one was hurt, the harbor master of {capital} said.",
        "{count_cap} households were without power for {minutes} minutes.",
        "The ban takes effect in {month} and covers {goods} too.",
        "{foreigner2}, who lost, spoke of a {adjective} campaign.",
        "Ash lay {small} centimeters deep on the airport's runway.",
        "Neighbors offered {won} won in help.",
    ),
    captions=(
        "A ferry is towed into the port of {capital} on {date}.",
        "People sweep ash off a roof near {capital}, {day}.",
    ),
)

OPINION = Topic(
    headlines=(
        "{adjective_cap} promises on {bill}",
        "Time to mend {bill}",
        "A {adjective} lesson from {city}",
        "Who pays for {goods}?",
        "What {capital} knows about {bill}",
        "Letter to a {adjective} neighbor",
    ),
    leads=(
        (
            "It takes a {adjective} government to admit that its {bill} plan has failed, and last "
            "week we saw none."
        ),
        (
            "When the lights went out in {city} {timespan} ago, nobody asked about {bill}. They "
            "should have."
        ),
        (
            "There is a {adjective} bench on the {river} where I read the papers, and from there "
            "the quarrel over {bill} looks small."
        ),
        (
            "Every {month} brings the same debate on {bill}, and every year it ends in {adjective} "
            "silence."
        ),
    ),
    facts=(
        "The numbers are known: {percent} percent of {count} households pay, the rest do not.",
        "{capital_cap} tried it, and {timespan} later had {adjective} trains.",
        "One need not love {official} to see that the {bill} clause is right.",
        "Rules that bend for {goods} will break for anything.",
        (
            "The answer lies neither in {city} nor in {capital}, but in a {adjective} habit of "
            "counting."
        ),
        "A budget of {won} won buys patience, not trust.",
        "My neighbor, {age}, asks what became of the {adjective} pledge of {month}.",
        "The opposition should say what it would do with {bill}, and by when.",
    ),
    captions=("{official}",),
)

#: Tags in brackets that staff stories carry now and then.
TAGS = ("Newsmaker", "KH Explains", "Exclusive", "Weekender", "News Focus", "Well-curated")

#: What people say; every story draws a few of these.
QUOTES = (
    "“We have waited {timespan} for this, and I would wait {timespan} more,” {official} said.",
    "“It is a {adjective} sign, but a sign is not yet a policy,” said {expert}, {expert_role}.",
    "“Nobody should read too much into {small} {vessel},” {official} told reporters in {city}.",
    "“The {adjective} part comes now,” {official2} said, adding that {month} would show more.",
    "“Should {goods} run short again, people will remember who promised what,” {expert} said.",
    "{official} said he was ‘neither surprised nor {adjective}’ about the news from {town}.",
    "“I counted {small} of them, then I stopped,” a resident of {town}, {age}, recalled.",
    "“You do not mend a bridge by {adjective} speeches,” {foreigner} told The Korea Herald.",
    "“Our door stays open,” {official} said, “but the heating is not free.”",
    (
        "“The figures for {month} were {adjective}, and those for {month} will be worse,” said "
        "{official2}."
    ),
    "“What matters is the {river},” {expert} said. “Everything else follows from it.”",
    "{foreigner} called the plan ‘a {adjective} map without a road.’",
    "“In {capital} they would have closed the case within {timespan},” {expert} of {think} said.",
    (
        "“I have the papers here,” {official2} said, holding up {small} sheets, “and they speak of "
        "{goods}.”"
    ),
)

#: What any story may add, whatever its topic.
BACKGROUND = (
    "{body_cap} declined to comment on the {adjective} report.",
    "{think} put the chance of a {adjective} outcome at {percent} percent in a paper of {month}.",
    "A similar case in {town} {timespan} ago ended without a {adjective} result.",
    "The next meeting is set for {date} in {city}.",
    "Work on the {river} embankment, {adjective} from the start, goes on until {month}.",
    "{official2}, who knows {town} well, is to present details on {weekday}.",
    "Relations between {city} and {town} have been {adjective} since {month}.",
    "The {ordinal} report of its kind, it runs to {distance} pages.",
    "Of the {count} people asked, {percent} percent had never heard of it.",
    "Local papers in {capital} were the first to report on the matter.",
    "Neither {body} nor {think} gave a reason for the delay of {timespan}.",
    "Costs are put at {won} won, {percent} percent above the estimate of {month}.",
    "By {day} evening, {count} people had signed a {adjective} petition.",
    "The matter has been before {body} since {date}.",
)

WORDS: dict[str, tuple[str, ...]] = {
    "adjective": (
        "quiet", "narrow", "long-awaited", "patient", "rare", "costly", "provisional", "modest",
        "sweeping", "stubborn", "careful", "belated", "unusual", "fragile", "frank", "limited",
        "seasonal", "hasty", "broad", "tentative", "cautious", "wry", "steady", "brisk", "silent",
        "lopsided", "earnest", "symbolic", "half-finished", "makeshift", "nimble", "ambitious",
        "plain", "unexpected", "measured", "sober", "lively", "joint", "technical", "fleeting",
    ),
    "weapon": (
        "coastal missile", "multiple rocket launcher", "training drone", "cruise missile",
        "short-range rocket", "submarine-launched missile", "gliding warhead", "wooden mock-up",
        "solid-fuel engine", "reconnaissance balloon", "naval gun", "tracked radar",
    ),
    "vessel": (
        "patrol boats", "landing craft", "fishing boats", "barges", "submarines", "minesweepers",
        "tugboats", "supply ships", "hovercraft", "tankers",
    ),
    "vessel_one": (
        "patrol boat", "fishing boat", "tugboat", "survey ship", "salvage barge", "trawler",
    ),
    "goods": (
        "rice", "coal", "barley", "fertilizer", "cement", "cotton yarn", "dried squid", "sugar",
        "flour", "seed potatoes", "ginseng", "copper wire", "solar panels", "salt", "apples",
        "cooking oil", "school paper", "mackerel", "steel pipes", "beans", "medicine", "chestnuts",
        "seaweed", "bicycles", "window glass", "honey", "tungsten ore", "wigs", "garlic",
    ),
    "plant": (
        "cement works", "paper mill", "greenhouse farm", "noodle factory", "fish hatchery",
        "shoe factory", "power station", "glass foundry", "dairy", "chip plant", "shipyard",
        "textile mill", "battery works", "brick kiln", "canning factory",
    ),
    "river": (
        "Amnok River", "Tuman River", "Imjin River", "Han River", "Taedong River", "Nam River",
        "Seomjin River", "Chongchon River", "Bukhan River", "Geum River",
    ),
    "city": (
        "Seoul", "Busan", "Incheon", "Daegu", "Gwangju", "Ulsan", "Sejong", "Suwon", "Jeonju",
        "Chuncheon", "Gangneung", "Mokpo", "Pohang", "Jeju", "Paju", "Gimpo", "Cheongju",
        "Tongyeong", "Sokcho", "Andong",
    ),
    "town": (
        "Wonsan", "Hyesan", "Sinuiju", "Kaesong", "Chongjin", "Rajin", "Haeju", "Sariwon",
        "Kanggye", "Tanchon", "Nampo", "Hoeryong", "Kimchaek", "Manpo", "Anju", "Munchon",
        "Sepo", "Onsong", "Kusong", "Samjiyon", "Musan", "Kosong",
    ),
    "capital": (
        "Oslo", "Ulaanbaatar", "Hanoi", "Bern", "Lisbon", "Vientiane", "Ottawa", "Vienna",
        "Helsinki", "Jakarta", "Astana", "Wellington", "Prague", "Manila", "Brussels", "Lima",
        "Dublin", "Nairobi", "Tallinn", "Canberra",
    ),
    "company": (
        "Haneul Shipping", "Daram Electronics", "Nuri Motors", "Bada Foods", "Solbit Chemical",
        "Garam Steel", "Mirinae Telecom", "Onnuri Bank", "Saebyeok Air", "Dolmen Games",
        "Baram Energy", "Chorok Pharm",
    ),
    "gadget": (
        "tablets", "rice cookers", "smart lamps", "scooters", "earphones", "air purifiers",
        "cameras", "electric bicycles", "robot mowers", "watches",
    ),
    "team": (
        "the Ulsan Herons", "the Jeonju Foxes", "the Gimpo Gulls", "the Daegu Lanterns",
        "the Sokcho Anchors", "the Mokpo Tides", "the Suwon Bastions", "the Busan Lighthouses",
    ),
    "bill": (
        "pension", "water", "school lunch", "housing", "broadcast", "fisheries", "tax",
        "conscription", "railway", "farm insurance", "night work", "data", "parking",
    ),
    "title": (
        "The Salt Road", "Nine Umbrellas", "Letters to Wonsan", "A Winter Without Radio",
        "Blue Persimmons", "The Last Ferryman", "Moths of Mapo", "Paper Lighthouse",
        "The Cartographer's Aunt", "Slow Rain", "Under the Zelkova", "Borrowed Stars",
    ),
    "dish": (
        "cold buckwheat noodles", "mugwort soup", "acorn jelly", "grilled hairtail",
        "pumpkin porridge", "barley bibimbap", "cockle pancakes", "sweet rice punch",
    ),
    "illness": ("measles", "malaria", "tuberculosis", "cholera", "influenza", "scarlet fever"),
    "weekday": (
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ),
    "month": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    "ordinal": ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    "timespan": (
        "three weeks", "two months", "four years", "a decade", "nine months", "half a year",
        "18 months", "five days", "seven years", "a quarter of a century", "11 weeks",
        "two generations", "40 days", "six winters", "a year and a half",
    ),
    "rose": ("rose", "climbed", "grew", "jumped", "edged up", "swelled"),
    "fell": ("fell", "sank", "dropped", "slid", "eased", "shrank"),
    "role": (
        "a vice minister", "the chief delegate", "the presidential secretary for the peninsula",
        "a spokesman", "the head of the crisis desk", "the deputy mayor", "a ruling party lawmaker",
        "the minister's special adviser", "a former ambassador",
    ),
    "expert_role": (
        "a professor of modern history", "an analyst of satellite pictures", "a retired admiral",
        "who follows the North's press", "a lecturer in law", "an economist",
        "a former interpreter", "an engineer who advised two governments",
    ),
    "body": (
        "the Joint Chiefs of Staff", "the Unification Ministry", "the Foreign Ministry",
        "the Ministry of Border Trade", "the National Weather Office", "the Peninsula Health Board",
        "the Coast Guard", "the Office for Separated Families", "the Bureau of Customs Studies",
        "the Inter-Korean Road Agency", "the Grain Statistics Office", "the Maritime Safety Board",
    ),
    "think": (
        "the Institute for Peninsula Futures", "the Han River Policy Forum",
        "the Open Harbor Foundation", "the Center for Quiet Diplomacy",
        "the Northern Economy Observatory", "the Lantern Street Institute",
        "the Society for Border Studies", "the East Sea Research Group",
    ),
}  # fmt: skip

#: Short names for headlines.
SHORT_NAMES = {
    "the Joint Chiefs of Staff": "JCS",
    "the Unification Ministry": "ministry",
    "the Foreign Ministry": "Seoul",
    "the Ministry of Border Trade": "trade ministry",
    "the National Weather Office": "weather office",
    "the Peninsula Health Board": "health board",
    "the Coast Guard": "Coast Guard",
    "the Office for Separated Families": "family office",
    "the Bureau of Customs Studies": "customs bureau",
    "the Inter-Korean Road Agency": "road agency",
    "the Grain Statistics Office": "grain office",
    "the Maritime Safety Board": "safety board",
}

#: Around-the-hotels and theater round-ups: inner headings with a paragraph each.
LISTINGS = (
    (
        "{dish_cap} at the Grand Lantern {city}",
        (
            "The Grand Lantern {city}‘s buffet restaurant serves {dish} with {goods} until the end of "
            "{month}. Dinner is priced at {thousands} won for adults and {thousands} won for children. "
            "For reservations, call (02) {phone}."
        ),
    ),
    (
        "“{title}”",
        (
            "The {adjective} musical tells of a family of {small} in {town} who keep a ferry. It runs "
            "at the Zelkova Art Hall in {city} from {date} to {date}. Tickets range "
            "from {thousands} won to {thousands} won. For more information, call (02) {phone}."
        ),
    ),
    (
        "{goods_cap} week at Hotel Bukhansan",
        (
            "Hotel Bukhansan invites guests to a {adjective} tasting of {goods} on {weekday}s in "
            "{month}, with a view of the {river}. The set menu costs {thousands} won. "
            "For inquiries, call (02) {phone}."
        ),
    ),
    (
        "“{title}” in concert",
        (
            "{foreigner} plays {small} {adjective} pieces written for “{title}” at the {city} Arts "
            "Center on {date}. Seats cost between {thousands} won and {thousands} won. "
            "Call (031) {phone} for details."
        ),
    ),
    (
        "{adjective_cap} afternoon tea at the Harbor House",
        (
            "Fans of {dish} can try the Harbor House‘s afternoon tea for two, served with {goods} "
            "from {town} style recipes, at {thousands} won until {date}. "
            "For reservations, call (051) {phone}."
        ),
    ),
)

#: Live blog entries; each is printed under its time.
LIVE_ENTRIES = (
    "{official} has arrived at the venue in {city}, {minutes} minutes early.",
    "Reporters count {small} cars in the {adjective} convoy from {town}.",
    "{body_cap} says a {adjective} statement is being drafted.",
    "The delegates sit down to {dish}; {official2} is seen taking notes.",
    "Rain sets in over {city}. The ceremony moves under a {adjective} roof.",
    "“We are close,” {expert} of {think} says on air.",
    "State radio in the North still broadcasts {adjective} marches.",
    "{foreigner} leaves the hall without a word.",
    "The text speaks of {goods}, of the {river} and of {small} working groups.",
)

#: Korean-language stories, with the same cast written in Hangul.
KOREAN_HEADLINES = (
    "[단독] {town_ko} 항구 재가동 정황…당국 ‘예의주시’",
    "{town_ko} 시장 쌀값 {percent}% 하락, 배경은",
    "북, {town_ko}에 새 온실농장 준공",
    "“{town_ko} 다녀온 선원 {small}명 면담” 연구소 보고서",
    "{city_ko}서 실향민 사진전…{count}명 다녀가",
)
KOREAN_SENTENCES = (
    "{town_ko} 일대에서 선박 {small}척의 움직임이 포착됐다고 당국 관계자가 {day_ko} 밝혔다.",
    "이 관계자는 “아직 특이한 동향으로 보기는 어렵다”면서도 “{month_ko}까지 지켜봐야 한다”고 말했다.",
    "{official_ko} 연구위원은 “현지 물가가 {percent}% 떨어진 것이 먼저 설명돼야 한다”고 분석했다.",
    "위성사진에는 길이 {distance}m의 새 부두가 뚜렷하게 보인다.",
    "{city_ko}의 한 시민단체는 담요 {count}장을 보내겠다는 뜻을 전했다.",
    "{town_ko} 출신 주민 {age}세 윤모 씨는 “강물 소리가 아직 귀에 남아 있다”고 회상했다.",
    "정부는 {day_ko} 회의를 열고 관련 예산 {won_ko}원을 어떻게 쓸지 논의한다.",
    "다만 연구소는 표본이 {count}명에 그쳐 해석에 주의가 필요하다고 덧붙였다.",
    "철도는 {month_ko} 들어 다시 운행을 시작한 것으로 알려졌다.",
    "{official_ko} 위원은 “말보다 강을 보라는 속담이 있다”며 신중한 접근을 주문했다.",
)
KOREAN_WORDS: dict[str, tuple[str, ...]] = {
    "town_ko": ("원산", "혜산", "신의주", "개성", "청진", "나진", "해주", "남포", "회령", "무산"),
    "city_ko": ("서울", "부산", "인천", "대구", "전주", "춘천", "강릉", "파주", "김포", "속초"),
    "day_ko": ("월요일", "화요일", "수요일", "목요일", "금요일"),
    "month_ko": ("다음 달", "오는 5월", "연말", "지난달", "올가을", "내년 초"),
    "won_ko": ("12억", "430억", "8천만", "2조 1천억", "67억"),
}
