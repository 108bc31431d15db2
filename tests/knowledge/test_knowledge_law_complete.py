"""Every number and every citation of the fact sheet stands in the knowledge base, with its date and its mark.

The tables were written from the sheet by hand: a value read in a source is `confirmed`, one from memory `to_confirm`,
one that nobody found `-` and `unknown`. Days before, on and after a change stand next to each other.
"""

from datetime import date
from decimal import Decimal

import pytest

from knowledge.citing import fault
from knowledge.law import Law
from knowledge.parts import Parameter
from knowledge.release import load

TODAY = date(2026, 11, 24)

# key, day, value, mark; a second word after the key is the region (else 苏州 and what it lies in).
NUMBERS = """
# §8: minimum wages
min_wage_month          2015-12-31  -       unknown
min_wage_month          2016-01-01  1820    to_confirm
min_wage_month          2017-06-30  1820    to_confirm
min_wage_month          2017-07-01  1940    to_confirm
min_wage_month          2018-07-31  1940    to_confirm
min_wage_month          2018-08-01  2020    to_confirm
min_wage_month          2021-07-31  2020    to_confirm
min_wage_month          2021-08-01  2280    to_confirm
min_wage_month          2023-12-31  2280    to_confirm
min_wage_month          2024-01-01  2490    to_confirm
min_wage_month          2025-12-31  2490    to_confirm
min_wage_month          2026-01-01  2660    confirmed
min_wage_month          2026-11-24  2660    confirmed
min_wage_month:江苏     2016-01-01  1770    to_confirm
min_wage_month:江苏     2017-06-30  1770    to_confirm
min_wage_month:江苏     2017-07-01  1890    to_confirm
min_wage_month:江苏     2018-07-31  1890    to_confirm
min_wage_month:江苏     2026-01-01  2660    confirmed
min_wage_hour           2018-07-31  -       unknown
min_wage_hour           2018-08-01  18.5    to_confirm
min_wage_hour           2021-08-01  22      to_confirm
min_wage_hour           2023-12-31  22      to_confirm
min_wage_hour           2024-01-01  24      to_confirm
min_wage_hour           2025-12-31  24      to_confirm
min_wage_hour           2026-01-01  -       unknown
# §8: national income by statistical year
urban_income            2017-12-31  -       unknown
urban_income            2018-12-31  39251   to_confirm
urban_income            2019-06-30  42359   to_confirm
urban_income            2020-06-30  43834   to_confirm
urban_income            2021-06-30  47412   to_confirm
urban_income            2022-06-30  49283   confirmed
urban_income            2023-06-30  51821   to_confirm
urban_income            2024-12-31  54188   confirmed
urban_income            2025-01-01  56502   confirmed
urban_income            2025-12-31  56502   confirmed
urban_income            2026-01-01  -       unknown
# §8: days, holidays, bases
pay_days_month          2008-01-03  21.75   confirmed
pay_days_month          2026-11-24  21.75   confirmed
pay_hours_month         2026-11-24  174     confirmed
work_days_month         2008-01-03  20.83   confirmed
work_days_month         2024-12-31  20.83   confirmed
work_days_month         2025-01-01  20.67   confirmed
work_days_quarter       2025-01-01  62      confirmed
work_days_year          2025-01-01  248     confirmed
statutory_holidays      2014-01-01  11      confirmed
statutory_holidays      2024-12-31  11      confirmed
statutory_holidays      2025-01-01  13      confirmed
holiday_days/spring     2024-12-31  3       confirmed
holiday_days/spring     2025-01-01  4       confirmed
holiday_days/labour     2024-12-31  1       confirmed
holiday_days/labour     2025-01-01  2       confirmed
holiday_days/new_year   2026-01-01  1       confirmed
holiday_days/qingming   2026-01-01  1       confirmed
holiday_days/dragon_boat 2026-01-01 1       confirmed
holiday_days/mid_autumn 2026-01-01  1       confirmed
holiday_days/national   2026-01-01  3       confirmed
social_base_high        2020-07-01  19335   to_confirm
social_base_high        2021-07-01  20586   to_confirm
social_base_high        2022-07-01  21821   to_confirm
social_base_high        2023-07-01  24042   to_confirm
social_base_high        2024-07-01  24396   to_confirm
social_base_high        2025-12-31  24762   to_confirm
social_base_high        2026-01-01  -       unknown
social_base_low         2024-07-01  4879    to_confirm
social_base_low         2025-12-31  4952    to_confirm
social_base_low         2026-01-01  -       unknown
pension_base            2022-07-01  8309    to_confirm
pension_base            2023-07-01  8613    to_confirm
pension_base            2024-07-01  8785    to_confirm
pension_base            2025-07-01  8917    to_confirm
pension_base            2026-07-01  -       unknown
local_average_wage      2018-07-01  -       unknown
local_average_wage      2024-07-01  -       unknown
local_average_wage      2026-11-24  -       unknown
pool_average_wage       2026-11-24  -       unknown
# §1: pay
pay_cycle_months        2026-11-24  1       confirmed
final_pay_workdays      2026-11-24  2       confirmed
delay_days_max          2026-11-24  30      confirmed
delay_force_majeure_days 2026-11-24 30      confirmed
fine_percent_max        2026-11-24  20      confirmed
extra_pay_percent_low   2026-11-24  50      confirmed
extra_pay_percent_high  2026-11-24  100     confirmed
payment_order_accept_days 2026-11-24 5      confirmed
payment_order_issue_days 2026-11-24 15      confirmed
payment_order_object_days 2026-11-24 15     confirmed
iou_suit_years          2026-11-24  3       to_confirm
criminal_months_one     2013-01-23  3       confirmed
criminal_amount_one_low 2013-01-22  -       unknown
criminal_amount_one_low 2013-01-23  5000    confirmed
criminal_amount_one_high 2026-11-24 20000   confirmed
criminal_people_many    2026-11-24  10      confirmed
criminal_amount_many_low 2026-11-24 30000   confirmed
criminal_amount_many_high 2026-11-24 100000 confirmed
criminal_amount_one     2026-11-24  -       unknown
criminal_amount_many    2026-11-24  -       unknown
criminal_years_max      2026-11-24  3       confirmed
criminal_serious_years_low 2026-11-24 3     confirmed
criminal_serious_years_high 2026-11-24 7    confirmed
pay_book_years          2026-11-24  3       confirmed
attendance_years        2026-11-24  2       confirmed
stop_of_work_full_cycles 2026-11-24 1       confirmed
stop_of_work_percent    2026-11-24  80      confirmed
sick_pay_percent        2005-01-01  80      confirmed
labour_cost_cycle_months 2026-11-24 1       confirmed
fine_pay_unit_low       2026-11-24  20000   confirmed
fine_pay_unit_high      2026-11-24  50000   confirmed
fine_pay_person_low     2026-11-24  10000   confirmed
fine_pay_person_high    2026-11-24  30000   confirmed
fine_site_low           2020-04-30  -       unknown
fine_site_low           2020-05-01  50000   confirmed
fine_site_high          2026-11-24  100000  confirmed
# §2: work injury
rescue_hours            2026-11-24  48      confirmed
injury_apply_employer_days 2011-01-01 30    confirmed
injury_apply_worker_years 2010-12-31 1      to_confirm
injury_apply_worker_years 2011-01-01 1      confirmed
injury_decision_days    2026-11-24  60      confirmed
injury_decision_clear_days 2026-11-24 15    confirmed
injury_review_days      2026-11-24  60      to_confirm
injury_suit_months      2026-11-24  6       to_confirm
appraisal_days          2026-11-24  60      confirmed
appraisal_more_days     2026-11-24  30      confirmed
reappraisal_days        2026-11-24  15      confirmed
regrade_years           2026-11-24  1       confirmed
injury_wage_months      2026-11-24  12      confirmed
injury_wage_floor_percent 2026-11-24 60     confirmed
injury_wage_cap_percent 2026-11-24  300     confirmed
disability_months/1     2026-11-24  27      confirmed
disability_months/2     2026-11-24  25      confirmed
disability_months/3     2026-11-24  23      confirmed
disability_months/4     2026-11-24  21      confirmed
disability_months/5     2026-11-24  18      confirmed
disability_months/6     2026-11-24  16      confirmed
disability_months/7     2026-11-24  13      confirmed
disability_months/8     2026-11-24  11      confirmed
disability_months/9     2026-11-24  9       confirmed
disability_months/10    2026-11-24  7       confirmed
disability_allowance_percent/1 2026-11-24 90 confirmed
disability_allowance_percent/2 2026-11-24 85 confirmed
disability_allowance_percent/3 2026-11-24 80 confirmed
disability_allowance_percent/4 2026-11-24 75 confirmed
disability_allowance_percent/5 2026-11-24 70 confirmed
disability_allowance_percent/6 2026-11-24 60 confirmed
injury_leave_months     2026-11-24  12      confirmed
injury_leave_more_months 2026-11-24 12      confirmed
care_percent/full       2026-11-24  50      confirmed
care_percent/most       2026-11-24  40      confirmed
care_percent/part       2026-11-24  30      confirmed
funeral_months          2026-11-24  6       confirmed
dependant_percent_spouse 2026-11-24 40      confirmed
dependant_percent_other 2026-11-24  30      confirmed
dependant_percent_lonely 2026-11-24 10      confirmed
death_income_multiple   2026-11-24  20      confirmed
illegal_unit_multiple/1 2026-11-24  16      confirmed
illegal_unit_multiple/4 2026-11-24  10      confirmed
illegal_unit_multiple/7 2026-11-24  4       confirmed
illegal_unit_multiple/10 2026-11-24 1       confirmed
illegal_unit_death_multiple 2026-11-24 20   confirmed
illegal_unit_funeral_multiple 2026-11-24 10 confirmed
injury_medical_lump/5   2015-05-31  -       unknown
injury_medical_lump/5   2015-06-01  200000  to_confirm
injury_medical_lump/6   2026-11-24  160000  to_confirm
injury_medical_lump/7   2026-11-24  120000  to_confirm
injury_medical_lump/8   2026-11-24  80000   to_confirm
injury_medical_lump/9   2026-11-24  50000   to_confirm
injury_medical_lump/10  2026-11-24  30000   to_confirm
injury_employment_lump/5 2026-11-24 95000   to_confirm
injury_employment_lump/6 2026-11-24 85000   to_confirm
injury_employment_lump/7 2026-11-24 45000   to_confirm
injury_employment_lump/8 2026-11-24 35000   to_confirm
injury_employment_lump/9 2026-11-24 25000   to_confirm
injury_employment_lump/10 2026-11-24 15000  to_confirm
injury_medical_lump     2026-11-24  -       unknown
injury_employment_lump  2026-11-24  -       unknown
injury_lump_city_percent 2026-11-24 20      to_confirm
injury_lump_disease_percent 2026-11-24 40   to_confirm
injury_lump_age_percent/5 2026-11-24 80     to_confirm
injury_lump_age_percent/4 2026-11-24 60     to_confirm
injury_lump_age_percent/3 2026-11-24 40     to_confirm
injury_lump_age_percent/2 2026-11-24 20     to_confirm
injury_lump_age_percent/1 2026-11-24 10     to_confirm
injury_lump_retired_percent 2026-11-24 0    to_confirm
# §3: dismissal, contracts
resign_notice_days      2026-11-24  30      confirmed
resign_notice_days_trial 2026-11-24 3       confirmed
notice_days             2026-11-24  30      confirmed
notice_pay_months       2026-11-24  1       confirmed
medical_subsidy_months  2026-11-24  6       confirmed
layoff_people           2026-11-24  20      confirmed
layoff_percent          2026-11-24  10      confirmed
nursing_years           2026-11-24  1       confirmed
protected_service_years 2026-11-24  15      confirmed
protected_to_pension_years 2026-11-24 5     confirmed
part_time_hours_day     2026-11-24  4       confirmed
part_time_hours_week    2026-11-24  24      confirmed
part_time_pay_days      2026-11-24  15      confirmed
severance_year_months   2007-12-31  -       unknown
severance_year_months   2008-01-01  1       confirmed
severance_half_from_months 2026-11-24 6     confirmed
severance_part_months   2026-11-24  0.5     confirmed
severance_cap_multiple  2026-11-24  3       confirmed
severance_cap_years     2026-11-24  12      confirmed
severance_average_months 2026-11-24 12      confirmed
old_severance_year_months 2007-12-31 1      to_confirm
old_severance_cap_years 2007-12-31  12      to_confirm
unlawful_multiple       2026-11-24  2       confirmed
double_wage_grace_months 2026-11-24 1       confirmed
double_wage_max_months  2026-11-24  11      confirmed
open_ended_years        2026-11-24  10      confirmed
open_ended_terms        2026-11-24  2       confirmed
open_ended_deemed_years 2026-11-24  1       confirmed
extension_years         2025-08-31  -       unknown
extension_years         2025-09-01  1       confirmed
extension_months        2026-11-24  6       confirmed
continuation_months     2025-08-31  -       unknown
continuation_months     2025-09-01  1       confirmed
sick_period_young_months/0 2026-11-24 3     confirmed
sick_period_young_months/5 2026-11-24 6     confirmed
sick_period_old_months/0 2026-11-24 6       confirmed
sick_period_old_months/5 2026-11-24 9       confirmed
sick_period_old_months/10 2026-11-24 12     confirmed
sick_period_old_months/15 2026-11-24 18     confirmed
sick_period_old_months/20 2026-11-24 24     confirmed
sick_period_total_years 2026-11-24  10      confirmed
sick_period_count_months/3 2026-11-24 6     confirmed
sick_period_count_months/6 2026-11-24 12    confirmed
sick_period_count_months/9 2026-11-24 15    confirmed
sick_period_count_months/12 2026-11-24 18   confirmed
sick_period_count_months/18 2026-11-24 24   confirmed
sick_period_count_months/24 2026-11-24 30   confirmed
end_papers_days         2026-11-24  15      confirmed
trial_term_none_below   2026-11-24  3       confirmed
trial_months_short      2026-11-24  1       confirmed
trial_months_middle     2026-11-24  2       confirmed
trial_months_long       2026-11-24  6       confirmed
trial_term_middle_from  2026-11-24  12      confirmed
trial_term_long_from    2026-11-24  36      confirmed
probation_wage_percent  2026-11-24  80      confirmed
# §4: hours, leave, heat
overtime_percent_weekday 2026-11-24 150     confirmed
overtime_percent_restday 2026-11-24 200     confirmed
overtime_percent_holiday 2026-11-24 300     confirmed
overtime_percent_comprehensive 2026-11-24 150 confirmed
time_off_months         2026-11-24  6       confirmed
overtime_base_months    2026-11-24  12      confirmed
work_hours_day          2026-11-24  8       confirmed
work_hours_week         2026-11-24  40      confirmed
work_hours_week_labour_law 2026-11-24 44    confirmed
overtime_hours_day_usual 2026-11-24 1       confirmed
overtime_hours_day_max  2026-11-24  3       confirmed
overtime_hours_month_max 2026-11-24 36      confirmed
annual_leave_days_1     2026-11-24  5       confirmed
annual_leave_days_10    2026-11-24  10      confirmed
annual_leave_days_20    2026-11-24  15      confirmed
annual_leave_from_months 2026-11-24 12      confirmed
annual_leave_percent    2026-11-24  300     confirmed
annual_leave_percent_paid 2026-11-24 100    confirmed
annual_leave_average_months 2026-11-24 12   confirmed
days_year               2026-11-24  365     confirmed
heat_allowance_month    2026-07-01  300     to_confirm
heat_month_from         2026-07-01  6       to_confirm
heat_month_to           2026-07-01  9       to_confirm
heat_outdoor_degrees    2026-07-01  35      to_confirm
heat_indoor_degrees     2026-07-01  33      to_confirm
maternity_days          2026-11-24  98      confirmed
maternity_more_days     2026-11-24  30      to_confirm
maternity_total_days    2026-11-24  128     to_confirm
# §5: procedure
arbitration_years       2008-04-30  -       unknown
arbitration_years       2008-05-01  1       confirmed
arbitration_years_double_wage 2026-11-24 1  to_confirm
arbitration_years_annual_leave 2026-11-24 1 to_confirm
arbitration_years_injury 2026-11-24 1       to_confirm
arbitration_fee         2026-11-24  0       confirmed
accept_workdays         2026-11-24  5       confirmed
serve_workdays          2026-11-24  5       confirmed
answer_workdays         2026-11-24  10      confirmed
award_days              2026-11-24  45      confirmed
award_more_days         2026-11-24  15      confirmed
rule_workdays/1         2026-11-24  3       confirmed
rule_workdays/2         2026-11-24  5       confirmed
rule_workdays/3         2026-11-24  10      confirmed
rule_days/1             2026-11-24  15      confirmed
rule_days/2             2026-11-24  45      confirmed
lawsuit_days            2026-11-24  15      confirmed
annulment_days          2026-11-24  30      confirmed
finality_multiple       2026-11-24  12      confirmed
representatives_from_people 2026-11-24 10   confirmed
representatives_low     2026-11-24  3       confirmed
representatives_high    2026-11-24  5       confirmed
mediation_review_days   2026-11-24  15      confirmed
inspection_years        2026-11-24  2       confirmed
enforcement_years       2026-11-24  2       confirmed
court_fee_labour        2026-11-24  10      to_confirm
appeal_days             2026-11-24  15      to_confirm
# §6, §0.5: legal aid, platforms
legal_aid_decide_days   2021-12-31  -       unknown
legal_aid_decide_days   2022-01-01  7       confirmed
legal_aid_assign_days   2026-11-24  3       confirmed
legal_aid_early_days    2026-11-24  7       confirmed
legal_aid_objection_days 2026-11-24 5       confirmed
legal_aid_line_multiple 2024-12-31  -       unknown
legal_aid_line_multiple 2025-01-01  1       confirmed
legal_aid_free_groups   2026-11-24  6       confirmed
scheme_platforms        2022-06-30  -       unknown
scheme_platforms        2022-07-01  7       confirmed
scheme_platforms        2025-06-30  7       confirmed
scheme_platforms        2025-07-01  11      confirmed
scheme_provinces        2026-07-01  31      to_confirm
"""


def rows(table: str) -> list[list[str]]:
    """The words of each line, without the headings."""
    return [line.split() for line in table.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def law() -> Law:
    return Law(load(on=TODAY))


@pytest.mark.parametrize(("key", "day", "value", "mark"), rows(NUMBERS))
def test_number_of_the_sheet_stands_with_its_date_and_mark(law: Law, key: str, day: str, value: str, mark: str) -> None:
    name, _, region = key.partition(":")
    used = law.parameter(name, date.fromisoformat(day), region or "苏州")
    assert used.value == (None if value == "-" else Decimal(value))
    assert used.status == mark


def test_every_number_names_unit_region_source_and_first_day(law: Law) -> None:
    def complete(p: Parameter) -> bool:
        return bool(p.unit and p.region and p.title) and all(v.source and v.from_ for v in p.values)

    assert [p.key for p in law.kb.parameters.values() if not complete(p)] == []


@pytest.mark.parametrize(
    ("year", "wanted"), [(2019, 785020), (2022, 948240), (2023, 985660), (2025, 1083760), (2026, 1130040)]
)
def test_the_sheets_death_grants_follow_from_income_times_twenty(law: Law, year: int, wanted: int) -> None:
    income = law.parameter("urban_income", date(year - 1, 7, 1)).value
    times = law.parameter("death_income_multiple", date(year, 7, 1)).value
    assert income is not None and times is not None
    assert income * times == wanted


@pytest.mark.parametrize(("day", "line"), [("2025-12-31", 29880), ("2026-01-01", 31920)])
def test_the_line_of_finality_follows_from_the_minimum_wage(law: Law, day: str, line: int) -> None:
    wage = law.parameter("min_wage_month", date.fromisoformat(day)).value
    times = law.parameter("finality_multiple", date.fromisoformat(day)).value
    assert wage is not None and times is not None
    assert wage * times == line


# Citations of the sheet: law, then the articles (a-b is a range; /1 and /1/2 are paragraph and item).
CITED = """
劳动合同法 9 14 14/3 19-21 30 30/1 30/2 36-48 38/1/1 38/1/2 38/1/3 38/1/4 38/1/5 38/1/6 38/2 39/1/1 39/1/6 40/1/1 40/1/3 42/1/1 42/1/6
劳动合同法 44/1/1 44/1/2 44/1/3 44/1/4 44/1/5 46/1/1 46/1/2 46/1/3 46/1/4 46/1/5 46/1/6 47/1 47/2 50 68-72 82-85 87 97 97/3
劳动合同法实施条例 5-10 18 20-27
劳动争议调解仲裁法 2 6 16 21 27 27/1 27/4 29 30 43 43/2 44 47 47/1/1 47/1/2 48-50 53
法释〔2020〕26号 1/1/8 2 3 13/2 13/3 15 19 20 32/2 34 35 42 44-47
法释〔2025〕12号 1-3 6-21 7/1/2 8/1/1
工伤保险条例 14-28 14/1/1 14/1/2 14/1/3 14/1/4 14/1/5 14/1/6 14/1/7 15/1/1 15/1/2 15/1/3 17/1 17/2 17/4 19/2 30 32-39 36/2
工伤保险条例 37/1/2 55 62/2 62/3 64 66
保障农民工工资支付条例 2 6 11 13-15 17 18 19/1 19/2 20-37 29/2 30/3 30/4 36/1 36/2 38-48 50 52 54-57 63
江苏省工资支付条例 2 12 12/2/3 13 17 19-23 25 27 29 31 32 35 39 42 50 50/2 52 53 63
江苏省劳动合同条例 17 23 25 31-34 41 52
劳动保障监察条例 20
民事诉讼法 109 110 225-228 250
民法典 188 202 203
刑法 276之一
法释〔2013〕3号 3 4 6 7
法释〔2014〕9号 3-4 6-8 8/3
工资支付暂行规定 9
劳动法 36 41 44 50
国务院关于职工工作时间的规定 3
全国年节及纪念日放假办法 2
职工带薪年休假条例 3 5
企业职工带薪年休假实施办法 3 5 10-12
女职工劳动保护特别规定 7
行政复议法 20
行政诉讼法 46
社会保险法 41
非法用工单位伤亡人员一次性赔偿办法 5 6
实施社会保险法若干规定 9-11 13
企业职工患病或非因工负伤医疗期规定 3 4
劳动能力鉴定管理办法 7 10 17 19 20
超龄劳动者基本权益保障暂行规定 6 9 11 12 15 19 20 23
劳动人事争议仲裁办案规则 6-8 27 29 39 44 50/4 56 63 74 80
法律援助法 22 31/1/2 31/1/5 31/1/7 34 38 40 41 42/1/3 43 44 46 48 49 52
江苏省实施《工伤保险条例》办法 4
"""
# Cited as a whole.
DOCUMENTS = """
江苏省实施《工伤保险条例》办法 人社部发〔2025〕2号 人社部发〔2025〕62号 人社部发〔2025〕24号 人社部发〔2021〕56号 人社部发〔2013〕34号
人社部发〔2014〕103号 人社部发〔2016〕29号 苏高法审委〔2011〕14号 劳部发〔1994〕481号 苏人社规〔2025〕3号 苏人社发〔2025〕31号
江苏省法律援助条例 办理法律援助案件程序规定 指导性案例237号 指导性案例238号 指导性案例239号 指导性案例240号 刘彩丽案
新就业形态人员职业伤害保障办法（试行）
"""


def citations() -> list[str]:
    found = []
    for name, *articles in rows(CITED):
        for article in articles:
            first, dash, last = article.partition("-")
            numbers = [str(n) for n in range(int(first), int(last) + 1)] if dash else [article]
            found += [f"{name}/{n}" for n in numbers]
    return found + DOCUMENTS.split()


@pytest.mark.parametrize("citation", citations())
def test_citation_of_the_sheet_exists_is_in_force_and_says_what_it_is_about(law: Law, citation: str) -> None:
    assert fault(citation, law.kb.laws, TODAY) is None
    assert law.kb.cite(citation)
    assert law.kb.gist(citation)


# citation, a day on which it may be cited, a day on which it may not, the word for it, what to cite instead
TURNS = [
    ("法释〔2020〕26号/32/1", "2025-08-31", "2025-09-01", "废止", "法释〔2025〕12号/21"),
    ("劳社部发〔2008〕3号", "2024-12-31", "2025-01-01", "失效", "人社部发〔2025〕2号"),
    ("劳动能力鉴定管理办法（令21）", "2025-06-30", "2025-07-01", "失效", "劳动能力鉴定管理办法"),
    ("江苏省法律援助条例（旧）", "2024-12-31", "2025-01-01", "失效", "江苏省法律援助条例"),
    ("民事诉讼法/214", "2021-12-31", "2022-01-01", "失效", "民事诉讼法/225"),
    ("民事诉讼法/221", "2023-12-31", "2024-01-01", "失效", "民事诉讼法/225"),
    ("民事诉讼法/239", "2021-12-31", "2022-01-01", "失效", "民事诉讼法/250"),
    ("民事诉讼法/246", "2023-12-31", "2024-01-01", "失效", "民事诉讼法/250"),
    ("民事诉讼法/225", "2024-01-01", "2023-12-31", "才施行", "当时"),
    ("民事诉讼法/250", "2024-01-01", "2023-12-31", "才施行", "当时"),
    ("人社部发〔2025〕2号", "2025-01-01", "2024-12-31", "才施行", "当时"),
    ("劳动能力鉴定管理办法/19", "2025-07-01", "2025-06-30", "才施行", "当时"),
    ("江苏省法律援助条例", "2025-01-01", "2024-12-31", "才施行", "当时"),
    ("超龄劳动者基本权益保障暂行规定/9", "2026-07-01", "2026-06-30", "才施行", "当时"),
    ("法释〔2025〕12号/19", "2025-09-01", "2025-08-31", "才施行", "当时"),
    ("保障农民工工资支付条例/30", "2020-05-01", "2020-04-30", "才施行", "当时"),
]


@pytest.mark.parametrize(("citation", "good", "bad", "word", "instead"), TURNS)
def test_what_has_lapsed_or_is_to_come_is_told_with_its_successor(
    law: Law, citation: str, good: str, bad: str, word: str, instead: str
) -> None:
    assert fault(citation, law.kb.laws, date.fromisoformat(good)) is None
    wrong = fault(citation, law.kb.laws, date.fromisoformat(bad))
    assert wrong is not None
    assert word in wrong[0]
    assert instead in wrong[1]


NEVER = [
    "劳动合同法/99", "劳动合同法/47/4", "劳动合同法/46/1/8", "工伤保险条例/68", "刑法/276之二", "劳动合同法细则/3",
    "法释〔2025〕12号/22", "劳动争议调解仲裁法/27/5", "人社部发〔2025〕99号",
]  # fmt: skip


@pytest.mark.parametrize("citation", NEVER)
def test_what_never_existed_is_not_called_repealed(law: Law, citation: str) -> None:
    wrong = fault(citation, law.kb.laws, TODAY)
    assert wrong is not None
    assert "没有" in wrong[0]
    assert not any(word in wrong[0] for word in ("失效", "废止", "才施行"))


def test_an_amended_article_says_what_it_said_on_the_day(law: Law) -> None:
    citation = "江苏省工资支付条例/29"
    assert "育儿假" not in law.kb.gist(citation, date(2026, 5, 26))
    assert "育儿假" in law.kb.gist(citation, date(2026, 5, 27))
    assert "十一天" in law.kb.gist("全国年节及纪念日放假办法/2", date(2024, 12, 31))
    assert "十三天" in law.kb.gist("全国年节及纪念日放假办法/2", date(2025, 1, 1))


def test_an_amended_law_bears_the_number_of_its_day(law: Law) -> None:
    pay = law.kb.laws["江苏省工资支付条例"]
    assert "2021" in pay.number_on(date(2026, 5, 26))
    assert "2026" in pay.number_on(date(2026, 5, 27))
    assert law.kb.laws["民事诉讼法"].number_on(date(2023, 12, 31)) == "2021年修正"
    assert law.kb.laws["民事诉讼法"].number_on(date(2024, 1, 1)) == "2023年修正"
