"""Value: what a stub province tells of a worker: ten rows, always the same ones.

The rows are those of the province contract, whole; a stub shows what is asked of
them. ``MARK`` stands for the number of the worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.bench.people import DIGITS, PROVINCES

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = "~" * DIGITS

#: Rows of each kind in one province; one of each pair is the same row everywhere.
ROWS = {
    "memberships": 2,
    "rightsCases": 2,
    "skills": 2,
    "trainings": 1,
    "employments": 2,
    "hardshipFiles": 1,
}


def merged_rows(provinces: int) -> dict[str, int]:
    """Tell how many rows a file joined from so many provinces has."""
    return {
        "memberships": 2 * provinces,
        "rightsCases": provinces + 1,
        "skills": provinces + 1,
        "trainings": provinces,
        "employments": provinces + 1,
        "hardshipFiles": 1,
    }


def worker(province: str) -> dict[str, Any]:
    """Tell all that a province has of a worker."""
    as_of = f"2026-10-{PROVINCES.index(province) + 1:02d}T08:00:00+08:00"
    return {
        "localId": f"{province}-{MARK}",
        "asOf": as_of,
        "name": f"工人{MARK}",
        "sex": "FEMALE",
        "birthDate": "1990-05-01",
        "education": f"高中（{province}）",
        "householdDivision": "510104",
        "householdKind": "RURAL",
        "residenceDivision": f"{province}0102",
        "phone": "13900000000",
        "memberships": _numbered(province, as_of, "m", _memberships(province)),
        "rightsCases": _numbered(province, as_of, "c", _cases(province)),
        "skills": _numbered(province, as_of, "s", _skills(province)),
        "trainings": _numbered(province, as_of, "t", _trainings(province)),
        "employments": _numbered(province, as_of, "e", _employments(province)),
        "hardshipFiles": _numbered(province, as_of, "h", _hardship(province)),
    }


def _numbered(
    province: str, as_of: str, letter: str, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {"id": f"{letter}{place}-{province}-{MARK}", "asOf": as_of, **row}
        for place, row in enumerate(rows)
    ]


def _memberships(province: str) -> list[dict[str, Any]]:
    standing = {
        "membershipNo": f"HY{province}{MARK}",
        "unionCode": "81440100MC0000000A",
        "unionName": f"{province} 省物流行业工会联合会",
        "unionDivision": f"{province}0102",
        "organisationKind": "UNION_FEDERATION",
        "state": "ACTIVE",
        "joinChannel": "ONLINE",
        "joinedOn": "2016-03-01",
        "since": "2021-04-01",
        "until": None,
        "sourceEnrolled": True,
        "dispatchSide": None,
        "sector": "LOGISTICS",
        "occupationGroup": "COURIER",
        "seasonal": False,
        "registeredOutOn": None,
        "registeredInOn": "2021-04-01",
        "counterpartProvince": None,
    }
    past = standing | {
        "unionName": f"{province} 省建筑项目工会",
        "organisationKind": "PROJECT_UNION",
        "state": "TRANSFERRED",
        "since": "2016-03-01",
        "until": "2021-03-31",
        "sector": "CONSTRUCTION",
        "registeredOutOn": "2021-03-31",
    }
    return [standing, past]


def _cases(province: str) -> list[dict[str, Any]]:
    shared = {
        "caseNo": f"WQ-{MARK}",
        "matter": "WAGE_ARREARS",
        "status": "IN_ARBITRATION",
        "firstTouchOn": "2026-07-01",
        "acceptedOn": "2026-07-03",
        "dueOn": "2026-11-20",
        "closedOn": None,
        "result": None,
        "leadUnionCode": "81440100MC0000000A",
        "leadUnionName": "广州市荔湾区总工会",
        "leadProvince": "44",
        "employerCode": "91440101MA5AXXXX1X",
        "employerName": "某物流有限公司",
        "workplaceDivision": "440103",
        "workersInvolved": 12,
        "amount": "36000.00",
        "greenChannel": True,
        "summary": "三个月工资未付。",
    }
    own = shared | {
        "caseNo": f"WQ-{province}-{MARK}",
        "matter": "SOCIAL_INSURANCE",
        "status": "CLOSED",
        "firstTouchOn": "2022-02-01",
        "closedOn": "2022-06-01",
        "result": "已补缴。",
        "leadProvince": province,
    }
    return [shared, own]


def _skills(province: str) -> list[dict[str, Any]]:
    shared = {
        "occupationCode": "4-02-07-08",
        "occupationName": "快递员",
        "level": "INTERMEDIATE",
        "certificateNo": f"ZS-{MARK}",
        "issuer": "职业技能鉴定中心",
        "issuedOn": "2020-09-01",
        "validUntil": None,
    }
    own = shared | {
        "occupationName": "电工",
        "certificateNo": f"ZS-{province}-{MARK}",
        "issuedOn": "2018-05-01",
    }
    return [shared, own]


def _trainings(province: str) -> list[dict[str, Any]]:
    return [
        {
            "course": "安全生产",
            "provider": f"{province} 省总工会培训中心",
            "hours": 40,
            "startedOn": "2023-03-01",
            "finishedOn": "2023-03-10",
            "passed": True,
            "certificateNo": None,
            "subsidised": True,
        }
    ]


def _employments(province: str) -> list[dict[str, Any]]:
    shared = {
        "employerCode": "91440101MA5AXXXX1X",
        "employerName": "某物流有限公司",
        "employerDivision": "440103",
        "workplaceDivision": "440103",
        "userUnitCode": None,
        "userUnitName": None,
        "sector": "LOGISTICS",
        "position": f"快递员（{province} 登记）",
        "form": "CONTRACT",
        "startedOn": "2021-04-01",
        "endedOn": None,
        "contractNo": f"HT-{MARK}",
    }
    own = shared | {
        "employerName": "某建筑有限公司",
        "sector": "CONSTRUCTION",
        "startedOn": "2016-03-01",
        "endedOn": "2021-03-31",
        "contractNo": f"HT-{province}-{MARK}",
    }
    return [shared, own]


def _hardship(province: str) -> list[dict[str, Any]]:
    return [
        {
            "householdKey": f"HU-{MARK}",
            "status": "OPEN",
            "category": "医疗",
            "openedOn": "2025-01-10",
            "openedBy": f"{province} 省某街道工会",
            "closedOn": None,
            "incomePerHead": "850.00",
            "householdSize": 4,
            "plan": "金秋助学",
            "aids": [
                {
                    "programme": "送温暖",
                    "period": "2026",
                    "amount": "2000.00",
                    "givenOn": "2026-01-20",
                    "givenBy": f"{province} 省总工会",
                }
            ],
        }
    ]
