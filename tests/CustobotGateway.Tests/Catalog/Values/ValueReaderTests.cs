using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Catalog.Values;

namespace CustobotGateway.Tests.Catalog.Values;

public sealed class ValueReaderTests
{
    [Theory]
    [InlineData("decimal", "2.50", "2.5")]
    [InlineData("decimal", "-0.0", "0")]
    [InlineData("decimal", "1e3", "1000")]
    [InlineData("decimal", "12.5e-3", "0.0125")]
    [InlineData("decimal", "0.000", "0")]
    [InlineData("decimal", "123456789012345", "123456789012345")]
    [InlineData("decimal", "1234567890123450e-1", "123456789012345")]
    [InlineData("integer", "5.0", "5")]
    [InlineData("integer", "9007199254740991", "9007199254740991")]
    [InlineData("integer", "-9007199254740991", "-9007199254740991")]
    [InlineData("integer", "1.2e2", "120")]
    [InlineData("boolean", "false", "false")]
    [InlineData("measure", "12", "12")]
    [InlineData("measure", """{"value":12,"unit":"g"}""", "12")]
    [InlineData("measure", """{"unit":"kg","value":1.5}""", "1500")]
    // 1 lb is 453.59237 g exactly (NIST Handbook 44): 2.6 lb are 1179.340162 g.
    [InlineData("measure", """{"value":2.6,"unit":"[lb_av]"}""", "1179.340162")]
    [InlineData("measure", "\"2.6 lb\"", "1179.340162")]
    [InlineData("duration", "\"P3Y\"", "36")]
    [InlineData("duration", """{"value":2,"unit":"a"}""", "24")]
    [InlineData("money", """{"amount":24900,"currency":"USD"}""", """{"amount":24900,"currency":"USD"}""")]
    [InlineData("money", "\"12.50 USD\"", """{"amount":1250,"currency":"USD"}""")]
    [InlineData("money", "\"500 JPY\"", """{"amount":500,"currency":"JPY"}""")]
    [InlineData("money", "\"1.234 KWD\"", """{"amount":1234,"currency":"KWD"}""")]
    [InlineData("date", "\"2024-02-29\"", "\"2024-02-29\"")]
    [InlineData("date", "\"2026-03-01T13:00-0800\"", "\"2026-03-01T21:00:00Z\"")]
    [InlineData("date", "\"2026-03-01T13:00:05.25Z\"", "\"2026-03-01T13:00:05Z\"")]
    [InlineData("geo", "[30.50,-99]", "[30.5,-99]")]
    [InlineData("geo", """{"lon":-99,"lat":30.5}""", "[30.5,-99]")]
    // 4006381333931 by the GS1 sum: 1 + 3*3 + 9 + 3*3 + 3 + 3*3 + 1 + 8*3 + 3 + 6*3 + 0 + 0*3 + 4 = 90.
    [InlineData("gtin", "\"4006381333931\"", "\"4006381333931\"")]
    [InlineData("gtin", "\"0012345678905\"", "\"012345678905\"")]
    [InlineData("gtin", "4006381333931", "\"4006381333931\"")]
    [InlineData("text", "\"a\\u00f1o \\\"x\\\" \\n\"", "\"año \\\"x\\\" \\u000a\"")]
    [InlineData("keyword", "\"ips\"", "\"IPS\"")]
    [InlineData("keyword", "\"In-Plane Switching\"", "\"IPS\"")]
    [InlineData("keyword", "\"mini LED\"", "\"mini LED\"")]
    [InlineData("keyword_set", """["ips","IPS","b","a","b"]""", """["IPS","b","a"]""")]
    public void Value_is_stored_in_one_form(string type, string json, string stored)
    {
        Assert.Equal((ValueFault.None, stored), Read(type, json));
    }

    [Theory]
    [InlineData("decimal", "\"2.5\"", ValueFault.WrongType)]
    [InlineData("decimal", "1234567890123456", ValueFault.NumberOutOfRange)]
    [InlineData("decimal", "0.1234567890123456", ValueFault.NumberOutOfRange)]
    [InlineData("decimal", "1e15", ValueFault.NumberOutOfRange)]
    [InlineData("decimal", "1e999999999999", ValueFault.NumberOutOfRange)]
    [InlineData("decimal", "1e-40", ValueFault.NumberOutOfRange)]
    [InlineData("integer", "9007199254740992", ValueFault.NumberOutOfRange)]
    [InlineData("integer", "1e30", ValueFault.NumberOutOfRange)]
    [InlineData("integer", "1.5", ValueFault.WrongType)]
    [InlineData("boolean", "1", ValueFault.WrongType)]
    [InlineData("measure", """{"value":1,"unit":"furlongs per fortnight"}""", ValueFault.UnknownUnit)]
    [InlineData("measure", """{"value":1,"unit":"s"}""", ValueFault.UnitNotConvertible)]
    [InlineData("measure", """{"value":"1","unit":"g"}""", ValueFault.WrongType)]
    [InlineData("measure", """{"value":1,"unit":"g","more":{"a":[1]}}""", ValueFault.WrongType)]
    [InlineData("measure", "\"heavy\"", ValueFault.WrongType)]
    [InlineData("duration", "\"3 parsecs\"", ValueFault.UnknownUnit)]
    [InlineData("money", """{"amount":1.5,"currency":"USD"}""", ValueFault.WrongType)]
    [InlineData("money", """{"amount":1,"currency":"usd"}""", ValueFault.BadCurrency)]
    [InlineData("money", """{"amount":1,"currency":"XYZ"}""", ValueFault.BadCurrency)]
    [InlineData("money", "\"1.005 USD\"", ValueFault.NumberOutOfRange)]
    [InlineData("money", "12.5", ValueFault.WrongType)]
    [InlineData("date", "\"2025-02-29\"", ValueFault.BadDate)]
    [InlineData("date", "\"2025-02-28T10:00:00\"", ValueFault.BadDate)]
    [InlineData("date", "\"yesterday\"", ValueFault.BadDate)]
    [InlineData("geo", "[91,0]", ValueFault.BadPlace)]
    [InlineData("geo", "[1]", ValueFault.WrongType)]
    [InlineData("gtin", "\"4006381333932\"", ValueFault.BadGtin)]
    [InlineData("gtin", "\"12345\"", ValueFault.BadGtin)]
    [InlineData("text", "7", ValueFault.WrongType)]
    [InlineData("text", "\"a\\u0000\"", ValueFault.BadText)]
    [InlineData("text", "\"\\ud800\"", ValueFault.BadText)]
    [InlineData("keyword", "null", ValueFault.Missing)]
    [InlineData("keyword_set", "[]", ValueFault.Missing)]
    [InlineData("keyword_set", "[1]", ValueFault.WrongType)]
    public void Value_of_another_kind_is_refused_with_its_reason_and_nothing_is_written(string type, string json, ValueFault fault)
    {
        Assert.Equal((fault, ""), Read(type, json));
    }

    [Theory]
    [InlineData("measure", "1.5 kg", "1500")]
    [InlineData("measure", "12", "12")]
    [InlineData("decimal", " 2.50 ", "2.5")]
    [InlineData("integer", "+7", "7")]
    [InlineData("boolean", "YES", "true")]
    [InlineData("keyword_set", "a | ips|a", """["a","IPS"]""")]
    [InlineData("keyword_set", """["a","b"]""", """["a","b"]""")]
    [InlineData("geo", "30.5, -99", "[30.5,-99]")]
    [InlineData("money", "12.50 USD", """{"amount":1250,"currency":"USD"}""")]
    public void Cell_is_read_as_the_attribute_says(string type, string cell, string stored)
    {
        var value = new Utf8Buffer();
        var fault = new ValueReader().ReadText(Encoding.UTF8.GetBytes(cell), Format(type), value, new Utf8Buffer());

        Assert.Equal((ValueFault.None, stored), (fault, Encoding.UTF8.GetString(value.Written)));
    }

    [Theory]
    [InlineData("measure", "\"2.60 lb\"", """{"value":2.6,"unit":"[lb_av]"}""")]
    [InlineData("measure", "5", "")]
    [InlineData("duration", "\"P3Y\"", "\"P3Y\"")]
    [InlineData("keyword", "\"ips\"", "\"ips\"")]
    [InlineData("keyword_set", """["ips","b"]""", """["ips","b"]""")]
    [InlineData("gtin", "\"0012345678905\"", "\"0012345678905\"")]
    public void Form_as_given_is_kept_where_it_differs(string type, string json, string kept)
    {
        var given = new Utf8Buffer();
        Read(type, json, given);

        Assert.Equal(kept, Encoding.UTF8.GetString(given.Written));
    }

    [Fact]
    public void Refused_object_leaves_the_reader_after_it()
    {
        var json = new Utf8JsonReader("""{"weight":{"value":[{"a":1}],"unit":"g"},"next":1}"""u8);
        json.Read();
        json.Read();
        json.Read();

        new ValueReader().Read(ref json, Format("measure"), new Utf8Buffer(), new Utf8Buffer());

        Assert.True(json.Read() && json.ValueTextEquals("next"));
    }

    private static (ValueFault Fault, string Stored) Read(string type, string text, Utf8Buffer? given = null)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        json.Read();
        var value = new Utf8Buffer();
        var fault = new ValueReader().Read(ref json, Format(type), value, given ?? new Utf8Buffer());
        return (fault, Encoding.UTF8.GetString(value.Written));
    }

    private static ValueFormat Format(string type)
    {
        var definition = new AttributeDefinition
        {
            Key = "x",
            Type = Enum.Parse<AttributeType>(type.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            Unit = type switch { "measure" => "g", "duration" => "mo", _ => null },
            Values = type.StartsWith("keyword", StringComparison.Ordinal) ? [new AttributeTerm("IPS", ["in-plane switching"])] : null,
        };
        return ValueFormats.Of(new AttributeRegistry([new RegisteredAttribute(0, definition)]))[0];
    }
}
