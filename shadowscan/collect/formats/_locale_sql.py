"""Numbers and dates as people's exports write them, in SQL. Needs the parameters `decimal_comma` and `date_formats`."""

DATE_FORMATS = {
    "mdy": ["%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%Y %H:%M", "%b %d, %Y"],
    "dmy": ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y %H:%M", "%d %b %Y"],
    "ymd": ["%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"],
}


def date_formats(order: str) -> list[str]:
    """Patterns of that order; a date written year first is always read so."""
    return [*DATE_FORMATS["ymd"], *DATE_FORMATS[order]]


def number_sql(column: str) -> str:
    """An exact amount out of a text column: `1.840,22`, `$1,840.22`, `(12.50)`, `12.50-`; null where it is none."""
    digits = f"regexp_replace(coalesce({column}, ''), '[^0-9eE.,+()-]', '', 'g')"
    plain = f"""case
        when $decimal_comma then replace(replace({digits}, '.', ''), ',', '.')
        when regexp_full_match({digits}, '[(+-]?[0-9]{{1,3}}(,[0-9]{{3}})*([.][0-9]+)?[)-]?')
          then replace({digits}, ',', '')
        else {digits}
      end"""
    return f"""case
      when {digits} like '(%)' then -try_cast(trim({plain}, '()') as decimal(38, 12))
      when {digits} like '%-' then -try_cast(rtrim({plain}, '-') as decimal(38, 12))
      else try_cast({plain} as decimal(38, 12))
    end"""


def date_sql(column: str) -> str:
    """A naive UTC moment out of a text column; null where it is none."""
    return f"coalesce(try_cast({column} as timestamptz) at time zone 'UTC', try_strptime({column}, $date_formats))"
