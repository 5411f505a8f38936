using System.Globalization;
using System.Text.Json;

namespace CustobotGateway.Catalog.Demo;

/// <summary>Fills one attribute of a demo product, as a line of <see cref="DemoTable"/> says.</summary>
internal sealed class DemoFiller
{
    private const int MostOfSet = 3;

    private readonly AttributeDefinition _attribute;
    private readonly bool _isShared;
    private readonly int _filledPercent;
    private readonly int _truePercent;
    private readonly string[] _choices = [];
    private readonly (decimal From, decimal To, decimal Step)? _range;

    /// <summary>Reads <c>key ?60 = …</c>.</summary>
    public DemoFiller(string line, IReadOnlyDictionary<string, AttributeDefinition> attributes)
    {
        var parts = line.Split(" = ", 2);
        _isShared = parts[0].EndsWith(" @", StringComparison.Ordinal);
        var key = parts[0].Replace(" @", "", StringComparison.Ordinal).Split(" ?");
        _attribute = attributes[key[0]];
        _filledPercent = key.Length > 1 ? int.Parse(key[1], CultureInfo.InvariantCulture) : 100;
        var values = parts[1];
        if (_attribute.Type is AttributeType.Boolean)
        {
            _truePercent = int.Parse(values.TrimEnd('%'), CultureInfo.InvariantCulture);
        }
        else if (values.Contains("..", StringComparison.Ordinal))
        {
            var bounds = values.Split(["..", "/"], StringSplitOptions.None).Select(bound => decimal.Parse(bound, CultureInfo.InvariantCulture)).ToArray();
            _range = (bounds[0], bounds[1], bounds[2]);
        }
        else
        {
            _choices = values.Split("; ");
        }
    }

    /// <summary>The attribute that it fills.</summary>
    public string Key => _attribute.Key;

    /// <summary>Writes the member, or nothing where the product has no value.</summary>
    public void Write(Utf8JsonWriter json, DemoRandom random)
    {
        if (!random.Chance(_filledPercent))
        {
            return;
        }
        json.WritePropertyName(Key);
        switch (_attribute.Type)
        {
            case AttributeType.Boolean:
                json.WriteBooleanValue(random.Chance(_truePercent));
                break;
            case AttributeType.KeywordSet:
                WriteSet(json, random);
                break;
            case AttributeType.Money:
                DemoShop.WriteMoney(json, (long)Number(random));
                break;
            case AttributeType.Date:
                json.WriteStringValue(DemoShop.FirstDay.AddDays((int)Number(random)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case AttributeType.Integer or AttributeType.Decimal or AttributeType.Measure or AttributeType.Duration:
                json.WriteNumberValue(Number(random));
                break;
            default:
                json.WriteStringValue(Choice(random));
                break;
        }
    }

    private decimal Number(DemoRandom random) => _range is not { } range
        ? decimal.Parse(Choice(random), CultureInfo.InvariantCulture)
        // Divided by one with so many zeros, a decimal loses the zeros at its own end: 6.0 is written 6.
        : (range.From + (range.Step * random.Next((int)((range.To - range.From) / range.Step) + 1))) / 1.0000000000000000000000000000m;

    private string Choice(DemoRandom random) => _isShared ? _choices[random.Shared % _choices.Length] : random.Pick(_choices);

    private void WriteSet(Utf8JsonWriter json, DemoRandom random)
    {
        var first = random.Next(_choices.Length);
        var count = Math.Min(_choices.Length, 1 + random.Next(MostOfSet));
        json.WriteStartArray();
        for (var i = 0; i < count; i++)
        {
            json.WriteStringValue(_choices[(first + i) % _choices.Length]);
        }
        json.WriteEndArray();
    }
}
