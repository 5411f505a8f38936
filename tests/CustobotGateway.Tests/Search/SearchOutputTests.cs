using System.Globalization;
using System.Text;
using CustobotGateway.Search;

namespace CustobotGateway.Tests.Search;

/// <summary>Numbers as the answers carry them.</summary>
public sealed class SearchOutputTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.00001, "0")]
    [InlineData(1.7, "1.7")]
    [InlineData(-0.4, "-0.4")]
    [InlineData(12.3456789, "12.3457")]
    [InlineData(0.0102, "0.0102")]
    [InlineData(99.99995, "100")]
    [InlineData(1e300, "1E+300")]
    public void Score_has_at_most_four_decimals(double score, string text)
    {
        var output = new SearchOutput();

        output.AddScore(score);

        Assert.Equal(text, Encoding.UTF8.GetString(output.Written));
    }

    [Fact]
    public void Score_is_the_rounded_number()
    {
        var random = new Random(11);
        for (var i = 0; i < 10_000; i++)
        {
            var score = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(0, 8));
            var output = new SearchOutput();

            output.AddScore(score);

            Assert.Equal(Math.Round(score * 10_000) / 10_000, double.Parse(Encoding.UTF8.GetString(output.Written), CultureInfo.InvariantCulture));
        }
    }
}
