"""Spam, made by chance from phrases that were written for this, as spammers themselves make it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .texts import Text, spun


@dataclass(frozen=True)
class Family:
    """A trade in which spam is sent: what it says, in which names, and to which hosts it leads."""

    texts: tuple[str, ...]
    names: tuple[str, ...]
    hosts: tuple[str, ...]


FAMILIES = {
    "pharmacy": Family(
        (
            "{Buy|Order} {cheap|discount} {viagra|cialis|levitra} online {without|with no} prescription, "
            "{fast|worldwide} "
            "{shipping|delivery}! {link}",
            "Best {canadian|online} pharmacy with {low|best} prices on {pills|tablets|generic medicine}. Visit {link}",
            "{Lose|Burn} {10|15|20} pounds in {two|three} weeks with these {keto|slimming} {pills|gummies}: {link}",
            "My doctor would not prescribe {tramadol|xanax|ambien}, so I {ordered|got} it here "
            "{cheap|discreetly} {link}",
        ),
        ("{cheap|generic|buy} {viagra|cialis|pills}", "Online Pharmacy", "Keto {Tom|Jane|Max}"),
        ("{best|cheap|my}-{pills|meds|rx}{24|7|}.{top|shop}.example", "pharmacy-{direct|online}.biz.example"),
    ),
    "casino": Family(
        (
            "{Play|Win} at the {best|biggest} online casino and get {a|your} {100|200} free {spins|bonus}! {link}",
            "I won {big|a lot} on {slots|roulette|blackjack} last night, the {jackpot|bonus} is real: {link}",
            "Trusted {betting|gambling} site with {instant|fast} {withdrawal|payout}, {slot|poker} online {link}",
            "{situs|daftar|agen} {slot|judi|poker} online {terpercaya|gacor} {2025|2026}, bonus {deposit|member "
            "baru} {link}",
        ),
        ("{slot|judi|bet}{88|777|365}", "Lucky {Casino|Spins}", "Jackpot {Joe|Ann}"),
        ("{slot|bet|casino}{88|777|365}.{bet|vip}.example", "{lucky|royal}-casino.live.example"),
    ),
    "seo": Family(
        (
            "We can {boost|increase} your website {ranking|traffic} and get you on the first page of {google|search "
            "engines}. {Contact|Email} us: {link}",
            "I was looking at your website and {noticed|found} some {SEO issues|errors}. {Affordable|Guaranteed} "
            "{backlinks|link building} packages at {link}",
            "{Buy|Get} {1000|5000|10000} {real|targeted} {visitors|followers|backlinks} for only {$9|$19|$49}! {link}",
            "Guest post service on {high DA|dofollow} blogs, {cheap|bulk} prices for agencies, reply or see {link}",
        ),
        ("SEO {Expert|Agency|Services}", "{Rank|Traffic} {Booster|Master}", "Digital Marketing {Ravi|Alex|Kim}"),
        ("{rank|seo|traffic}-{boost|fast|pro}.{agency|online}.example", "get{backlinks|followers}.io.example"),
    ),
    "investment": Family(
        (
            "I {made|earned} {$3,000|$12,500|$40,000} in {a week|one month} {trading|investing} {bitcoin|forex|crypto} "
            "with the help of {Mrs|Mr} {Olivia|Carlos|Helen}. {link}",
            "{Invest|Deposit} {$200|$500} today and {get|earn} {daily|weekly} {profit|returns} of {10|20|35} percent, "
            "{no risk|guaranteed}. {link}",
            "{Free|Instant} {airdrop|giveaway}: {connect|verify} your wallet to claim {ETH|BTC|tokens} at {link}",
            "This {trading|signals} {bot|robot} doubled my {balance|capital}, {WhatsApp|Telegram} them through {link}",
        ),
        (
            "{Crypto|Forex|Bitcoin} {Trader|Queen|Signals}",
            "Invest with {Olivia|Carlos}",
            "{Mary|Frank} {Trades|Profit}",
        ),
        ("{crypto|fx|btc}-{profit|signals|invest}.{pro|xyz}.example", "wallet-{claim|verify}.app.example"),
    ),
    "replicas": Family(
        (
            "{Cheap|Discount} {rolex|gucci|louis vuitton} {replica|outlet} {watches|handbags|sunglasses}, {90|80}% off "
            "{today|free shipping} {link}",
            "{Nike|Jordan|Yeezy} {shoes|sneakers} {wholesale|clearance}, {authentic|top} quality at factory "
            "price {link}",
            "Where to buy {replica|designer} {bags|watches}? I {ordered|bought} two here, same as original: {link}",
        ),
        ("{replica|cheap} {watches|bags|shoes}", "{Rolex|Gucci|Nike} Outlet"),
        ("{replica|outlet}-{watch|bags|store}.{ru|shop}.example", "{luxury|designer}sale.cc.example"),
    ),
    "loans": Family(
        (
            "Do you need an {urgent|instant} {loan|credit}? We {offer|give} {personal|business} loans at {2|3}% "
            "interest, "
            "no {credit check|collateral}. Apply: {link}",
            "{Bad credit|Bankrupt}? Get {cash|payday} advance {today|within 24 hours}, approval {guaranteed|in "
            "minutes} {link}",
            "Consolidate your {debt|mortgage|student debt} and {lower|cut} the monthly payment, {call|apply} "
            "now {link}",
        ),
        ("{Fast|Easy} {Loans|Cash}", "Loan {Officer|Company}", "Mr {Kelvin|Anderson} Finance"),
        ("{quick|easy}-{loan|cash}{s|}.finance.example", "{payday|credit}now.site.example"),
    ),
    "dating": Family(
        (
            "{Hot|Lonely|Single} {girls|women|ladies} in your {area|city} want to {meet|chat} {tonight|now}! {link}",
            "I am {Anna|Lena|Masha}, {22|24|27}, looking for a {man|serious man}, my {photos|private photos} "
            "are here {link}",
            "Free {adult|sexy} {webcam|video chat}, no {registration|credit card}, {watch|join} {live|now}: {link}",
        ),
        ("{sexy|hot} {anna|lena|masha}", "Dating {Club|Tips}"),
        ("{hot|live}-{cams|dates|girls}.{xxx|club}.example", "meet-{singles|ladies}.love.example"),
    ),
    "flattery": Family(
        (
            "{Great|Awesome|Fantastic} {article|post|blog}! I {really|truly} {enjoyed|loved} reading it. "
            "{Keep|Keep up} "
            "the {good|great} work. {link}",
            "{Hi|Hello} there, I {found|discovered} your {site|weblog} by {way of|means of} google and it {is|looks} "
            "{very|really} {informative|valuable}. I have bookmarked it. {link}",
            "This is {a very|an extremely} {useful|helpful} {piece of writing|paragraph}, it {will|can} help {all|the} "
            "internet {users|visitors}. {Feel free to visit|Also visit} my {homepage|web site} {link}",
            "I'm {impressed|amazed}, I must say. {Seldom|Rarely} do I come across a blog that's {both|equally} "
            "educative "
            "and {entertaining|engaging}. {link}",
        ),
        (
            "{best|top|cheap} {mattress|vacuum|laptop|vpn} {review|deals}",
            "{plumber|roofing|dentist} {austin|miami|perth}",
        ),
        (
            "{best|top}{mattress|vpn|vacuum}{reviews|deals}.{blogspot|site}.example",
            "{roofing|dentist}-{austin|perth}.example",
        ),
    ),
    "linkdump": Family(
        (
            "[url={link}]{payday|cheap|buy}[/url] [url={link}]{casino|viagra|loans}[/url] "
            "[url={link}]{seo|poker}[/url]",
            '<a href="{link}">{cheap|best} {shoes|pills|tickets}</a> <a href="{link}">{here|more}</a>',
            "{Click|Look} {here|this} {link} {link} {link}",
        ),
        ("{Robert|William|Thomas}{tig|Lox|bap|Ven}", "{xrumer|poster}{1|7|9}"),
        ("{a|b|c|x}{q|w|z}{3|5|8}{k|v|j}.{ru|cn|tk}.example",),
    ),
    "russian": Family(
        (
            "{Купить|Заказать} {дешево|недорого} {диплом|справку|права} с доставкой по {России|Москве} {link}",
            "{Заработок|Доход} в интернете от {5000|9000} рублей в день без {вложений|опыта} {link}",
            "{Лучшее|Новое} онлайн казино, {бонус|фриспины} за регистрацию {link}",
        ),
        ("{Александр|Марина|Виктор}{ka|ops|}", "{Диплом|Казино} {центр|онлайн}"),
        ("{diplom|kazino|rabota}-{msk|online}.ru.example",),
    ),
    # Families that are kept out of the training.
    "recovery": Family(
        (
            "I lost {my savings|everything} to a {scam|fake broker} until {Recovery|Hacker} {Wizard|Ghost} "
            "{recovered|got "
            "back} my {funds|money} within {48|72} hours. {Contact|Reach} them: {link}",
            "Need to {hire|find} a {hacker|private investigator} to {spy on|check} a cheating {spouse|partner}, "
            "{clone|hack} "
            "a phone or {instagram|facebook}? {link}",
        ),
        ("{Recovered|Grateful} {Linda|George}", "{Cyber|Ghost} {Wizard|Hacker}"),
        ("{cyber|funds}-{recovery|wizard}.tech.example",),
    ),
    "essays": Family(
        (
            "Struggling with {your|an} {essay|dissertation|homework}? Our {PhD|native} writers {deliver|finish} "
            "{plagiarism "
            "free|A grade} papers {overnight|before the deadline}. {link}",
            "{Assignment|Coursework} help {UK|Australia}, {cheap|affordable} academic writers online 24/7 {link}",
        ),
        ("{Essay|Assignment} {Help|Writers}", "Academic {Tutor|Pro}"),
        ("{write|my}-{essay|paper}{s|}.education.example",),
    ),
    "television": Family(
        (
            "Watch {all|premium} {channels|matches|movies} in {4K|HD} with our IPTV {subscription|box}, {free "
            "trial|12 months} "
            "{for only|from} {$5|$10} {link}",
            "{Download|Stream} {full|new} {movies|series|football} free {no ads|online} here {link}",
        ),
        ("IPTV {Store|Best}", "{Movies|Football} {HD|Live}"),
        ("{iptv|stream}{4k|hd|best}.tv.example",),
    ),
    "magic": Family(
        (
            "My {husband|ex boyfriend|wife} left me and Dr {Ogun|Amiso|Zuma} the {spell caster|herbalist} "
            "brought him back "
            "in {two days|24 hours}. {Contact|Message} him {link}",
            "I was {cured|healed} of {herpes|diabetes|HPV} with the herbal {medicine|cure} of Dr "
            "{Ogun|Amiso|Zuma} {link}",
        ),
        ("{Testimony of|Healed} {Grace|Peter}", "Dr {Ogun|Amiso|Zuma}"),
        ("{spell|herbal}-{temple|cure}.org.example",),
    ),
}
UNSEEN = ("recovery", "essays", "television", "magic")
MAIL_OF_SPAM = ("gmail.example", "mail.ru.example", "outlook.example", "{promo|inbox}{4|9}.top.example")


def spam(chance: random.Random, names: Iterable[str]) -> Text:
    """One of these families. The link stands in the text, or behind the name, or in both."""
    kind = chance.choice(list(names))
    family = FAMILIES[kind]

    def link() -> str:
        page = chance.choice(["", "/", f"/{chance.randrange(9999)}", "/index.php?id=" + str(chance.randrange(99))])
        return f"https://{spun(chance, chance.choice(family.hosts))}{page}"

    template = chance.choice(family.texts).replace("{link}", "\0")
    body = spun(chance, template)
    behind_the_name = kind == "flattery" or chance.random() < 0.4
    if behind_the_name and kind != "linkdump" and chance.random() < 0.6:
        body = body.replace("\0", "").strip()
    body = re.sub("\0", lambda _found: link(), body)
    name = spun(chance, chance.choice(family.names))
    mail = f"{chance.choice('abcdefgh')}{chance.randrange(999)}@{spun(chance, chance.choice(MAIL_OF_SPAM))}"
    return Text(kind, body, name, mail, link() if behind_the_name else "")


def disguised(chance: random.Random, text: Text) -> Text:
    """The same spam, its words hidden from programs in one of the usual ways."""
    ways = (
        lambda body: body.translate(str.maketrans("aeopc", "аеорс")),
        "\u200b".join,
        lambda body: body.translate(str.maketrans({"i": "1", "o": "0", "e": "3", "a": "@"})),
        lambda body: " ".join(" ".join(word) if len(word) > 5 and word.isalpha() else word for word in body.split()),
    )
    return Text("disguised", chance.choice(ways)(text.body), text.name, text.email, text.website)


def padded(text: Text, ham: Text) -> Text:
    """The same spam behind a sincere comment, which is to drown its words."""
    return Text("padded", f"{ham.body}\n\n{text.body}", text.name, text.email, text.website)
