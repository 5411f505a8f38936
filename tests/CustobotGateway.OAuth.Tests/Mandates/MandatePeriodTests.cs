using System.Globalization;
using CustobotGateway.OAuth.Mandates;
using FsCheck;
using FsCheck.Fluent;

namespace CustobotGateway.OAuth.Tests.Mandates;

/// <summary>Where a period begins and ends, whatever the clocks do.</summary>
public sealed class MandatePeriodTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    // Clocks go forward on 28 March 2027 at 02:00 and back on 31 October 2027 at 03:00: days of 23 and of 25 hours.
    [InlineData("P1D", "2027-03-28T12:00:00Z", "2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z")]
    [InlineData("P1D", "2027-10-31T12:00:00Z", "2027-10-30T22:00:00Z", "2027-10-31T23:00:00Z")]
    [InlineData("P1D", "2027-03-27T22:59:59Z", "2027-03-26T23:00:00Z", "2027-03-27T23:00:00Z")]
    [InlineData("P1D", "2027-03-27T23:00:00Z", "2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z")]
    // The week of the change, from Monday to Monday, has 167 hours.
    [InlineData("P1W", "2027-03-28T12:00:00Z", "2027-03-21T23:00:00Z", "2027-03-28T22:00:00Z")]
    [InlineData("P1M", "2027-03-31T21:59:59Z", "2027-02-28T23:00:00Z", "2027-03-31T22:00:00Z")]
    [InlineData("P1M", "2027-03-31T22:00:00Z", "2027-03-31T22:00:00Z", "2027-04-30T22:00:00Z")]
    [InlineData("P1Y", "2027-06-15T12:00:00Z", "2026-12-31T23:00:00Z", "2027-12-31T23:00:00Z")]
    public void Calendar_follows_the_clocks_of_the_zone(string every, string now, string from, string until)
    {
        var bounds = new MandatePeriod(1, every, MandatePeriod.Calendar).At(Time(now), Berlin);

        Assert.Equal((Time(from), Time(until), true), (bounds.From, bounds.Until!.Value, bounds.IsFromIncluded));
        Assert.True(bounds.Counts(bounds.From));
        Assert.False(bounds.Counts(bounds.From.AddTicks(-1)));
    }

    [Fact]
    public void A_day_that_has_no_midnight_begins_with_its_first_instant()
    {
        // Beirut puts its clocks forward from 00:00 to 01:00: 27 March 2022 begins at 22:00 UTC of the day before.
        var beirut = TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut");

        var bounds = new MandatePeriod(1, "P1D", MandatePeriod.Calendar).At(Time("2022-03-27T12:00:00Z"), beirut);

        Assert.Equal(Time("2022-03-26T22:00:00Z"), bounds.From);
    }

    [Theory]
    [InlineData("P1D", "2027-03-28T12:00:00Z", "2027-03-27T12:00:00Z")]
    [InlineData("P7D", "2027-03-28T12:00:00Z", "2027-03-21T12:00:00Z")]
    [InlineData("P2W", "2027-03-28T12:00:00Z", "2027-03-14T12:00:00Z")]
    // A month before 31 March is the end of February, by the zone's standard time; 30 April at 23:30 UTC is 1 May there.
    [InlineData("P1M", "2027-03-28T12:00:00Z", "2027-02-28T12:00:00Z")]
    [InlineData("P1M", "2027-03-31T12:00:00Z", "2027-02-28T23:00:00Z")]
    [InlineData("P1M", "2028-03-30T12:00:00Z", "2028-02-29T23:00:00Z")]
    [InlineData("P1M", "2027-04-30T23:30:00Z", "2027-03-31T23:30:00Z")]
    [InlineData("P1Y", "2028-02-29T12:00:00Z", "2027-02-28T23:00:00Z")]
    public void Sliding_window_is_the_last_so_much_time(string every, string now, string from)
    {
        var bounds = new MandatePeriod(1, every).At(Time(now), Berlin);

        Assert.Equal((Time(from), null, false), (bounds.From, bounds.Until, bounds.IsFromIncluded));
        Assert.False(bounds.Counts(bounds.From));
        Assert.True(bounds.Counts(bounds.From.AddTicks(1)));
    }

    [Fact]
    public void Periods_never_reach_back_over_what_they_left_behind()
    {
        var zones = new[] { "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana", "UTC" }
            .Select(TimeZoneInfo.FindSystemTimeZoneById).ToArray();
        var any = from zone in Gen.Elements(zones)
                  from every in Gen.Elements("P1D", "P1W", "P1M", "P1Y", "P7D", "P3M", "P999D")
                  from window in Gen.Elements(MandatePeriod.Sliding, MandatePeriod.Calendar)
                  where window == MandatePeriod.Sliding || every[1..^1] == "1"
                  from minutes in Gen.Choose(0, 30 * 365 * 24 * 60)
                  from later in Gen.Choose(1, 26 * 60)
                  select (Zone: zone, Period: new MandatePeriod(1, every, window), Now: new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes), Later: later);

        Prop.ForAll(any.ToArbitrary(), one =>
        {
            var (before, after) = (one.Period.At(one.Now, one.Zone), one.Period.At(one.Now.AddMinutes(one.Later), one.Zone));
            return before.From <= one.Now && before.From <= after.From && (before.Until is null || (before.Until > one.Now && before.Until <= after.Until));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
