"""domain.md, Formats: numbers of persons, patents and phones are read as their standards say."""

from datetime import date

from odoo.addons.wz_skill_cert import formats
from odoo.tests import BaseCase, tagged

from .common import patent_number, resident_id


@tagged("standard", "post_install", "-at_install")
class TestResidentId(BaseCase):
    def test_only_one_check_character_in_eleven_is_accepted(self):
        body = resident_id()[:-1]
        accepted = [check for check in "0123456789X" if formats.has_valid_check_digit(body + check)]
        self.assertEqual(accepted, [resident_id()[-1]])

    def test_the_examples_of_the_standard_are_valid(self):
        for number in ("11010519491231002X", "440524188001010014"):
            self.assertTrue(formats.has_valid_check_digit(number), number)

    def test_every_changed_digit_and_every_exchange_of_neighbours_is_noticed(self):
        number = resident_id()
        for position in range(17):
            changed = number[:position] + str((int(number[position]) + 1) % 10) + number[position + 1 :]
            self.assertFalse(formats.has_valid_check_digit(changed), changed)
            if number[position] != number[position + 1]:
                left, right = number[position], number[position + 1]
                exchanged = number[:position] + right + left + number[position + 2 :]
                self.assertFalse(formats.has_valid_check_digit(exchanged), exchanged)

    def test_a_number_that_is_too_short_too_long_or_no_number_is_refused(self):
        number = resident_id()
        for wrong in ("", number[:-1], number + "1", "1" + number, number[:15], "A" * 18, number.lower() + "x"):
            self.assertFalse(formats.has_valid_check_digit(wrong), wrong)

    def test_full_width_blanks_and_a_small_x_are_understood(self):
        typed = " ３３０３００　19850520 901x\t"
        self.assertEqual(formats.normalise(typed), "33030019850520901X")
        self.assertEqual(formats.normalise(False), "")

    def test_the_number_says_the_date_of_birth_and_the_sex(self):
        self.assertEqual(formats.birth_date_of(resident_id(date(2000, 2, 29))), date(2000, 2, 29))
        self.assertEqual(formats.sex_of(resident_id(sequence=901)), "1")
        self.assertEqual(formats.sex_of(resident_id(sequence=902)), "2")

    def test_a_day_that_does_not_exist_is_no_date(self):
        self.assertIsNone(formats.birth_date_of("330300190002299010"))
        self.assertIsNone(formats.birth_date_of("330300198513019010"))

    def test_the_mask_shows_the_first_three_and_the_last_four(self):
        number = resident_id()
        masked = formats.mask(number)
        self.assertEqual(masked, number[:3] + "*" * 11 + number[-4:])
        self.assertEqual(len(masked), 18)
        self.assertEqual(formats.mask(False), "")

    def test_the_mask_of_a_name_shows_the_first_character(self):
        self.assertEqual(formats.mask_name("张示例"), "张**")
        self.assertEqual(formats.mask_name(False), "")


@tagged("standard", "post_install", "-at_install")
class TestPatentNumber(BaseCase):
    def test_the_example_of_the_standard_is_valid_in_every_spelling(self):
        for number in ("201910161784.9", "ZL201910161784.9", "zl 2019 1016 1784.9", "ＺＬ２０１９１０１６１７８４．９"):
            self.assertTrue(formats.is_patent_number(number), number)

    def test_only_one_check_character_in_eleven_is_accepted(self):
        accepted = [check for check in "0123456789X" if formats.is_patent_number(f"201910161784.{check}")]
        self.assertEqual(accepted, ["9"])

    def test_a_check_of_ten_is_written_x(self):
        numbers = [patent_number(serial) for serial in range(40)]
        self.assertTrue(any(number.endswith("X") for number in numbers))
        for number in numbers:
            self.assertTrue(formats.is_patent_number(number), number)

    def test_the_eight_digits_of_before_2003_are_weighted_two_to_nine(self):
        total = sum(int(digit) * weight for digit, weight in zip("99123456", range(2, 10), strict=True))
        check = "0123456789X"[total % 11]
        self.assertTrue(formats.is_patent_number(f"ZL99123456.{check}"))
        self.assertFalse(formats.is_patent_number(f"ZL99123456.{'0' if check != '0' else '1'}"))

    def test_other_lengths_and_letters_are_refused(self):
        for wrong in ("", False, "ZL", "201910161784", "20191016178.9", "2019101617840.9", "CN201910161784.9"):
            self.assertFalse(formats.is_patent_number(wrong), wrong)

    def test_one_patent_is_one_however_it_is_typed(self):
        spellings = ("ZL201910161784.9", "201910161784.9", "zl2019 1016 1784·9", "2019101617849")
        self.assertEqual({formats.bare_number(number) for number in spellings}, {"2019101617849"})


@tagged("standard", "post_install", "-at_install")
class TestUnitCode(BaseCase):
    # Invented: division 330300, a body number that nobody holds. Check digits by the weights 3^n modulo 31 of GB 32100.
    CODES = ("91330300MA0000901W", "N1330300MA0000901F", "A1330300MA0000901U", "Y1330300MA00009017")

    def test_registrars_other_than_digits_are_the_standards_too(self):
        for code in self.CODES:
            with self.subTest(code=code):
                self.assertTrue(formats.is_unit_code(code))

    def test_only_one_check_character_in_thirty_one_is_accepted(self):
        alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        for code in self.CODES:
            accepted = [char for char in alphabet if formats.is_unit_code(code[:-1] + char)]
            self.assertEqual(accepted, [code[-1]])

    def test_other_registrars_lengths_and_letters_are_refused(self):
        for code in ("B1330300MA0000901W", "91330300MA0000901", "9133O300MA0000901W", "91330300MI0000901W", "", None):
            with self.subTest(code=code):
                self.assertFalse(formats.is_unit_code(code))


@tagged("standard", "post_install", "-at_install")
class TestMobile(BaseCase):
    def test_eleven_digits_from_13_to_19(self):
        for prefix in range(13, 20):
            self.assertTrue(formats.is_mobile(f"{prefix}800000901"))

    def test_everything_else_is_refused(self):
        wrong = (
            "",
            False,
            "12800000901",
            "1380000090",
            "138000009011",
            "+8613800000901",
            "0577-88000000",
            "1380000090a",
        )
        for number in wrong:
            self.assertFalse(formats.is_mobile(number), number)
