using System.Globalization;

namespace CustobotGateway.OAuth.Mandates;

/// <summary>What the orders of a period may come to.</summary>
/// <param name="Amount">Whole minor units.</param>
/// <param name="Every">The period's length: <c>P1D</c>, <c>P7D</c>, <c>P2W</c>, <c>P1M</c>, <c>P1Y</c> and the like.</param>
/// <param name="Window">
/// <c>sliding</c>, the default: the last so many days, months or years at any instant. <c>calendar</c>: the day, week (from Monday), month or year in the grant's time
/// zone; only <c>P1D</c>, <c>P1W</c>, <c>P1M</c> and <c>P1Y</c>.
/// </param>
public sealed record MandatePeriod(long Amount, string Every, string? Window = null)
{
    /// <summary>The last so much time.</summary>
    public const string Sliding = "sliding";

    /// <summary>Since the last midnight, Monday, first of the month or of January.</summary>
    public const string Calendar = "calendar";

    private const int DaysOfWeek = 7;

    /// <summary>The period that an instant lies in.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="zone">The grant's time zone.</param>
    public PeriodBounds At(DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (Window == Calendar)
        {
            var first = FirstDay(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime));
            return new PeriodBounds(StartOf(first, zone), StartOf(Later(first, 1), zone), IsFromIncluded: true);
        }
        // Days are 24 hours and the months of the zone's standard time: on a clock that is put back, a window that followed it would reach back over what it had left behind.
        var standard = now.ToOffset(zone.BaseUtcOffset);
        return new PeriodBounds(Earlier(standard, Count).ToUniversalTime(), null, IsFromIncluded: false);
    }

    private int Count => int.Parse(Every.AsSpan(1, Every.Length - 2), CultureInfo.InvariantCulture);

    private char Unit => Every[^1];

    private DateOnly FirstDay(DateOnly day) => Unit switch
    {
        'D' => day,
        'W' => day.AddDays(-(((int)day.DayOfWeek + DaysOfWeek - 1) % DaysOfWeek)),
        'M' => new DateOnly(day.Year, day.Month, 1),
        _ => new DateOnly(day.Year, 1, 1),
    };

    private DateOnly Later(DateOnly day, int count) => Unit switch
    {
        'D' => day.AddDays(count),
        'W' => day.AddDays(DaysOfWeek * count),
        'M' => day.AddMonths(count),
        _ => day.AddYears(count),
    };

    private DateTimeOffset Earlier(DateTimeOffset time, int count) => Unit switch
    {
        'D' => time.AddDays(-count),
        'W' => time.AddDays(-DaysOfWeek * count),
        'M' => WithDay(time, time.AddMonths(-count)),
        _ => WithDay(time, time.AddYears(-count)),
    };

    // A month before the 31st of March is the end of February: the same hour of its last day would lie before what a month before the 28th was.
    private static DateTimeOffset WithDay(DateTimeOffset time, DateTimeOffset earlier) =>
        earlier.Day == time.Day ? earlier : new DateTimeOffset(earlier.Date, earlier.Offset).AddDays(1);

    // Midnight is not there where clocks are put forward over it, and twice there where they are put back: the day begins with its first instant.
    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        if (zone.IsInvalidTime(midnight))
        {
            var before = midnight;
            do
            {
                before = before.AddMinutes(-1);
            }
            while (zone.IsInvalidTime(before));
            return new DateTimeOffset(before, zone.GetUtcOffset(before)).AddMinutes(1).ToUniversalTime();
        }
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}

/// <summary>When a period is.</summary>
/// <param name="From">Its beginning, in UTC.</param>
/// <param name="Until">Its end, in UTC; null where it moves with the time.</param>
/// <param name="IsFromIncluded">Whether an order of that very instant belongs to it.</param>
public sealed record PeriodBounds(DateTimeOffset From, DateTimeOffset? Until, bool IsFromIncluded)
{
    /// <summary>Whether an order that was paid then belongs to it, or to a later one.</summary>
    public bool Counts(DateTimeOffset paidAt) => IsFromIncluded ? paidAt >= From : paidAt > From;
}
