using System.Text;
using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Tests.Common;

/// <summary>Equal values have one spelling, different values have two.</summary>
public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{"b":1,"a":[true,null]}""", """{ "a" : [ true, null ], "b" : 1 }""")]
    [InlineData("1.50", "1.5")]
    [InlineData("100", "1e2")]
    [InlineData("0", "0.00")]
    [InlineData("\"\\u00e9\"", "\"é\"")]
    [InlineData("1e300", "1.0E+300")]
    public void Equal_values_have_one_spelling(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("1", "\"1\"")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("{}", "[]")]
    [InlineData("null", "false")]
    // Two neighbours that a double cannot tell apart.
    [InlineData("9007199254740992", "9007199254740993")]
    public void Different_values_differ(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    private static string Of(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(JsonElement.Parse(json)));
}
