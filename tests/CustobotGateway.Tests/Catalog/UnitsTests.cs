using System.Globalization;
using CustobotGateway.Catalog;

namespace CustobotGateway.Tests.Catalog;

/// <summary>Factors from NIST Special Publication 811 (2008), appendix B, and the UCUM essence table; the arithmetic of the rest stands beside it.</summary>
public class UnitsTests
{
    [Theory]
    [InlineData("2.6", "[lb_av]", "g", "1179.340162")] // 1 lb = 453.59237 g
    [InlineData("27", "inch", "mm", "685.8")]
    [InlineData("1", "[ft_i]", "cm", "30.48")]
    [InlineData("1", "[mi_i]", "km", "1.609344")]
    [InlineData("1", "[oz_av]", "g", "28.349523125")]
    [InlineData("1", "[gal_us]", "L", "3.785411784")]
    [InlineData("1", "[foz_us]", "mL", "29.5735295625")]
    [InlineData("1", "[cft_i]", "L", "28.316846592")]
    [InlineData("1", "CFM", "m3/h", "1.69901079552")] // 0.028316846592 m3 × 60
    [InlineData("212", "[degF]", "Cel", "100")]
    [InlineData("-40", "[degF]", "Cel", "-40")]
    [InlineData("20", "°C", "K", "293.15")]
    [InlineData("98.6", "°F", "°C", "37")]
    [InlineData("1", "[psi]", "kPa", "6.89475729316836")]
    [InlineData("1", "atm", "bar", "1.01325")]
    [InlineData("1", "kW.h", "MJ", "3.6")]
    [InlineData("1", "[Btu_IT]", "J", "1055.05585262")]
    [InlineData("1", "[HP]", "W", "745.699871582270")]
    [InlineData("100", "kcal", "kJ", "418.4")]
    [InlineData("7200", "rpm", "Hz", "120")]
    [InlineData("3200", "MT/s", "MHz", "3200")]
    [InlineData("1", "GiBy", "MBy", "1073.741824")]
    [InlineData("1", "TB", "GB", "1000")]
    [InlineData("1", "Gbit/s", "MB/s", "125")]
    [InlineData("3", "a", "mo", "36")]
    [InlineData("1", "wk", "h", "168")]
    [InlineData("10", "dB", "B", "1")]
    [InlineData("180", "deg", "rad", "3.14159265358979")]
    [InlineData("100", "km/h", "[mi_i]/h", "62.1371192237334")]
    [InlineData("5000", "mAh", "A.h", "5")]
    [InlineData("1", "nit", "cd/m2", "1")]
    [InlineData("25", "%", "1", "0.25")]
    [InlineData("8", "l/100 km", "L/(100.km)", "8")]
    public void A_value_converts_by_the_published_factor(string value, string from, string to, string expected)
    {
        Assert.True(Units.TryParse(from, out var source));
        Assert.True(Units.TryParse(to, out var target));

        Assert.True(Units.TryConvert(Number(value), source, target, out var result));

        Assert.Equal(Number(expected), result);
    }

    [Theory]
    [InlineData("MMT", "mm")]
    [InlineData("GRM", "g")]
    [InlineData("KGM", "kg")]
    [InlineData("INH", "[in_i]")]
    [InlineData("\"", "[in_i]")]
    [InlineData("Pulgadas", "[in_i]")]
    [InlineData("HTZ", "Hz")]
    [InlineData("LTR", "L")]
    [InlineData("l", "L")]
    [InlineData("ANN", "a")]
    [InlineData("años", "a")]
    [InlineData("C62", "1")]
    [InlineData("P1", "%")]
    [InlineData("2N", "dB")]
    [InlineData("NU", "N.m")]
    [InlineData("GB", "GBy")]
    [InlineData("Mb", "Mbit")]
    [InlineData("MB", "MBy")]
    [InlineData("E14", "kcal_IT")]
    [InlineData("GM", "g/m2")]
    [InlineData("kWh", "kW.h")]
    [InlineData("KG", "kg")]
    [InlineData("Inches", "[in_i]")]
    [InlineData("µm", "um")]
    [InlineData("cm²", "cm2")]
    [InlineData("RPM", "{rev}/min")]
    [InlineData("kg.m/s2", "kg.m/s2")]
    [InlineData("10*3.g", "10*3.g")]
    public void A_name_is_read_as_its_UCUM_code(string name, string code)
    {
        Assert.True(Units.TryParse(name, out var unit));

        Assert.Equal(code, unit.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("furlongs")]
    [InlineData("kg/")]
    [InlineData("kg..m")]
    [InlineData("(kg")]
    [InlineData("{rev")]
    [InlineData("Cel2")]
    [InlineData("m99")]
    [InlineData("0")]
    [InlineData("mb")]
    public void Text_that_is_no_unit_is_refused(string text) => Assert.False(Units.TryParse(text, out _));

    [Theory]
    [InlineData("g", "mm")]
    [InlineData("GBy", "%")]
    [InlineData("Hz", "GBy")]
    [InlineData("W", "W.h")]
    public void Units_of_different_dimensions_do_not_convert(string from, string to)
    {
        Assert.True(Units.TryParse(from, out var source));
        Assert.True(Units.TryParse(to, out var target));

        Assert.False(Units.TryConvert(1, source, target, out _));
    }

    [Fact]
    public void A_unit_of_the_registrys_own_converts_to_itself_alone()
    {
        Assert.True(Units.TryDeclare("star", out var star));
        Assert.True(Units.TryParse("1", out var one));

        Assert.True(Units.TryParse("star", star, out var asked));
        Assert.True(Units.TryConvert(4.5m, asked, star, out var same));
        Assert.Equal(4.5m, same);
        Assert.False(Units.TryConvert(4.5m, one, star, out _));
        Assert.False(Units.TryDeclare("two words", out _));
    }

    [Fact]
    public void Every_name_reads_as_a_unit_that_converts_back_and_forth()
    {
        foreach (var name in Units.Suggest("x").Concat(Units.ConvertibleTo(Units.Second)))
        {
            Assert.True(Units.TryParse(name, out var unit), name);
            Assert.True(Units.TryParse(unit.Code, out var again), unit.Code);
            Assert.Equal(unit.Code, again.Code);
        }
        Assert.Contains("a", Units.ConvertibleTo(Units.Second));
    }

    [Fact]
    public void A_misspelt_unit_is_answered_with_the_nearest_that_convert()
    {
        Assert.True(Units.TryParse("mm", out var millimetre));

        Assert.Contains("inch", Units.Suggest("ich", millimetre));
    }

    [Theory]
    [InlineData("2.6 lb", "2.6", "[lb_av]")]
    [InlineData("27\"", "27", "[in_i]")]
    [InlineData("1,200 g", "1200", "g")]
    [InlineData("-18 °C", "-18", "Cel")]
    public void A_quantity_is_a_number_and_a_unit(string text, string value, string code)
    {
        Assert.True(Units.TryParseQuantity(text, out var number, out var unit));

        Assert.Equal(Number(value), number);
        Assert.Equal(code, unit.Code);
    }

    [Theory]
    [InlineData("P3Y", "mo", "36")]
    [InlineData("P2W", "d", "14")]
    [InlineData("P1DT12H", "h", "36")]
    [InlineData("PT90M", "h", "1.5")]
    [InlineData("P1Y6M", "mo", "18")]
    [InlineData("PT0,5S", "ms", "500")]
    public void An_ISO_8601_duration_is_read_into_any_unit_of_time(string text, string unit, string expected)
    {
        Assert.True(Units.TryParse(unit, out var target));

        Assert.True(IsoDuration.TryParse(text, target, out var value));

        Assert.Equal(Number(expected), value);
    }

    [Theory]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1H")]
    [InlineData("P1M1Y")]
    [InlineData("3Y")]
    [InlineData("P1DT")]
    public void Text_that_is_no_duration_is_refused(string text)
    {
        Assert.True(Units.TryParse("d", out var day));

        Assert.False(IsoDuration.TryParse(text, day, out _));
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
