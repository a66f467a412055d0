"""Value: employers and union organisations, with credit codes that are valid."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from stdnum.cn import uscc

from deploy.demo.population.places import seats
from deploy.demo.population.shares import NAMES_ZH, SECTOR, chance, one_of
from schema.records.membership import OrganisationKind

if TYPE_CHECKING:
    from deploy.demo.population.names import Names
    from deploy.demo.population.places import County

#: What a firm of a sector calls its trade.
_TRADES = {
    "CONSTRUCTION": ("建筑工程", "市政工程", "建筑劳务"),
    "MANUFACTURING": ("机械制造", "服装", "五金制品", "家具"),
    "LOGISTICS": ("物流", "快递", "供应链"),
    "CATERING": ("餐饮管理", "酒店管理"),
    "DOMESTIC_SERVICE": ("家政服务", "养老服务"),
    "DEVELOPMENT_ZONE": ("电子", "新材料", "光电"),
    "FARM_COOPERATIVE": ("果蔬种植", "畜禽养殖"),
    "MINING": ("矿业", "煤业"),
    "OTHER": ("物业服务", "商业管理", "房地产经纪"),
    "LABOUR_DISPATCH": ("劳务派遣", "人力资源"),
}

_EMPLOYERS = 240
_AGENCIES = 24
_CHARACTERS = tuple("0123456789ABCDEFGHJKLMNPQRTUWXY")
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An employer or a union.

    Attributes:
        code: Unified social credit code (GB 32100).
        name: Its name.
        division: Its seat (GB/T 2260).
        sector: Sector of an employer; empty for a union that has none.
        kind: Kind of a union; ``OTHER`` for an employer.
    """

    code: str
    name: str
    division: str
    sector: str = ""
    kind: OrganisationKind = OrganisationKind.OTHER


def credit_code(rng: Random, authority: str, division: str) -> str:
    """Make a unified social credit code, valid in both of its check digits.

    Args:
        rng: Where the organisation's own characters come from.
        authority: First two characters: who registered what kind of body; a
            union is 81, an enterprise 91, a farmers' cooperative 93.
        division: Where it was registered (GB/T 2260).
    """
    # Since 2015 the codes that are given out begin with MA.
    body = "MA" + "".join(one_of(rng, _CHARACTERS) for _ in range(6))
    total = sum(int(c, 36) * w for c, w in zip(body, _WEIGHTS, strict=True))
    check = "0123456789X0"[11 - total % 11]  # GB 11714
    text = authority + division + body + check
    return text + uscc.calc_check_digit(text)


class Province:
    """The employers and unions of one province.

    Attributes:
        employers: By sector.
        agencies: Firms that send out workers (labour dispatch).
        local_unions: Township and village unions, where source enrolment and
            retained memberships are.
        own_union: The grass-roots union of an employer, by the employer's code.
    """

    def __init__(self, code: str, seed: int, names: Names, until: int) -> None:
        rng = Random(f"{seed}/organisations/{code}")
        places = seats(code, until)
        self.code = code
        self.places = places
        self.employers: dict[str, list[Organisation]] = {s: [] for s in SECTOR.values}
        for number in range(_EMPLOYERS):
            # Every sector has one firm at least, the rest as the shares say.
            own = SECTOR.values[number] if number < len(SECTOR.values) else SECTOR(rng)
            self.employers[own].append(
                _employer(rng, names, code, one_of(rng, places), own)
            )
        self.agencies = [
            _employer(rng, names, code, one_of(rng, places), "LABOUR_DISPATCH")
            for _ in range(_AGENCIES)
        ]
        self.local_unions = [
            _local_union(rng, code, place, kind)
            for place in places
            for kind in (OrganisationKind.TOWNSHIP, OrganisationKind.VILLAGE)
        ]
        every = [*self.agencies, *(e for some in self.employers.values() for e in some)]
        self.own_union = {each.code: _union_of(rng, each) for each in every}


def _employer(
    rng: Random, names: Names, province: str, place: County, sector: str
) -> Organisation:
    farm = sector == "FARM_COOPERATIVE"
    ending = "农民专业合作社" if farm else "有限公司"
    name = (
        f"{NAMES_ZH[province]}{one_of(rng, names.firms)}"
        f"{one_of(rng, _TRADES[sector])}{ending}"
    )
    code = credit_code(rng, "93" if farm else "91", place.code)
    return Organisation(code, name, place.code, sector)


def _union_of(rng: Random, employer: Organisation) -> Organisation:
    """Make the union where an employer's workers join."""
    kind, ending = OrganisationKind.GRASSROOTS, "工会委员会"
    if employer.sector == "CONSTRUCTION" and chance(rng, 0.5):
        kind, ending = OrganisationKind.PROJECT_UNION, "项目工会联合会"
    elif employer.sector == "DEVELOPMENT_ZONE":
        kind, ending = OrganisationKind.DEVELOPMENT_ZONE, "开发区联合工会"
    elif employer.sector in {"LOGISTICS", "CATERING"} and chance(rng, 0.3):
        kind, ending = OrganisationKind.INDUSTRY_UNION, "行业工会联合会"
    elif chance(rng, 0.15):
        kind, ending = OrganisationKind.JOINT_UNION, "联合工会委员会"
    code = credit_code(rng, "81", employer.division)
    return Organisation(
        code, employer.name + ending, employer.division, employer.sector, kind
    )


def _local_union(
    rng: Random, province: str, place: County, kind: OrganisationKind
) -> Organisation:
    ending = "街道总工会" if kind is OrganisationKind.TOWNSHIP else "社区工会联合会"
    quarter = one_of(rng, ("城关", "新华", "和平", "东风", "河西", "南山", "北苑"))
    name = f"{NAMES_ZH[province]}{place.name}{quarter}{ending}"
    return Organisation(credit_code(rng, "81", place.code), name, place.code, "", kind)
