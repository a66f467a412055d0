"""Value: names of people and firms, drawn once from Faker; and how they get changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faker import Faker

from deploy.demo.population.shares import chance, one_of

if TYPE_CHECKING:
    from random import Random

#: How a register writes the same name in other characters.
_TRADITIONAL = str.maketrans(
    "刘张陈杨赵黄吴孙马罗郑谢韩冯邓许叶卢钟国强丽红军华艳云杰凤兰荣龙飞静伟东刚",
    "劉張陳楊趙黃吳孫馬羅鄭謝韓馮鄧許葉盧鍾國強麗紅軍華艷雲傑鳳蘭榮龍飛靜偉東剛",
)

#: Characters that sound alike and get mistaken at the window.
_ALIKE = str.maketrans(
    "志建波玲辉婷佳燕霞平英敏浩洋鹏斌萍梅芳",
    "智健博铃晖亭嘉艳侠萍瑛闵皓阳朋彬平玫方",
)


class Names:
    """Pools of names. Faker is slow by the call, so it is asked only here."""

    def __init__(self, seed: int) -> None:
        fake = Faker("zh_CN")
        fake.seed_instance(seed)
        self.surnames = [fake.last_name() for _ in range(400)]
        self.male = [fake.first_name_male() for _ in range(500)]
        self.female = [fake.first_name_female() for _ in range(500)]
        self.firms = sorted({fake.company_prefix() for _ in range(300)})

    def person(self, rng: Random, *, male: bool) -> str:
        """Draw a person's name."""
        return one_of(rng, self.surnames) + one_of(
            rng, self.male if male else self.female
        )


def misheard(rng: Random, name: str) -> str:
    """Write a name as another register might; the same where it cannot differ."""
    traditional = name.translate(_TRADITIONAL)
    if traditional != name and chance(rng, 0.5):
        return traditional
    # The surname is copied from the card; the given name is heard.
    return name[0] + name[1:].translate(_ALIKE)


def former(rng: Random, names: Names, name: str, *, male: bool) -> str:
    """Draw a former name (曾用名): the family's name stays."""
    return name[0] + one_of(rng, names.male if male else names.female)
