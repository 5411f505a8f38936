using System.Globalization;
using System.Text;
using System.Text.Json;
using CustobotGateway.AttributeIndex;
using SortKey = CustobotGateway.AttributeIndex.SortKey;

namespace CustobotGateway.Benchmarks;

/// <summary>The search workload in the engine's own terms: schema, products and queries from the generator's files.</summary>
public sealed class SearchWorkload
{
    private readonly Dictionary<string, int> _columns = [];
    private readonly List<string> _types = [];

    public IndexSchema Schema { get; }

    public SearchWorkload(string schemaFile)
    {
        var columns = new List<ColumnDefinition> { new("title", ColumnKind.Text, FullText: true), new("description", ColumnKind.Text, FullText: true) };
        _types.AddRange(["text", "text"]);
        using var schema = JsonDocument.Parse(File.ReadAllBytes(schemaFile));
        foreach (var attribute in schema.RootElement.EnumerateArray())
        {
            var type = attribute.GetProperty("type").GetString()!;
            columns.Add(new ColumnDefinition(attribute.GetProperty("id").GetString()!, type switch
            {
                "enum" => ColumnKind.Keyword,
                "key" => attribute.GetProperty("id").GetString() == "gtin" ? ColumnKind.Number : ColumnKind.Keyword,
                "multi" => ColumnKind.KeywordSet,
                "geo" => ColumnKind.Geo,
                _ => ColumnKind.Number,
            }));
            _types.Add(type);
        }
        for (var i = 0; i < columns.Count; i++)
        {
            _columns[columns[i].Name] = i;
        }
        Schema = new IndexSchema(columns, _columns["category"]);
    }

    /// <summary>Reads products, one JSON object a line, into the index; returns how many.</summary>
    public int Load(string productsFile, IndexWriter index)
    {
        var count = 0;
        foreach (var line in File.ReadLines(productsFile))
        {
            Add(Encoding.UTF8.GetBytes(line), index.Documents);
            count++;
        }
        return count;
    }

    private void Add(ReadOnlySpan<byte> json, DocumentWriter documents)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"))
            {
                reader.Read();
                documents.Begin(reader.GetInt64());
                continue;
            }
            var column = _columns[reader.GetString()!];
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.True or JsonTokenType.False:
                    documents.Number(column, reader.GetBoolean() ? 1 : 0);
                    break;
                case JsonTokenType.Number:
                    documents.Number(column, reader.GetDouble());
                    break;
                case JsonTokenType.StartArray when Schema.Columns[column].Kind == ColumnKind.Geo:
                    reader.Read();
                    var latitude = reader.GetDouble();
                    reader.Read();
                    documents.Geo(column, latitude, reader.GetDouble());
                    reader.Read();
                    break;
                case JsonTokenType.StartArray:
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    {
                        documents.Keyword(column, reader.ValueSpan);
                    }
                    break;
                case JsonTokenType.String when Schema.Columns[column].Kind == ColumnKind.Text:
                    documents.Text(column, reader.ValueSpan);
                    break;
                case JsonTokenType.String when Schema.Columns[column].Kind == ColumnKind.Number:
                    documents.Number(column, Number(column, reader.GetString()!));
                    break;
                default:
                    documents.Keyword(column, reader.ValueSpan);
                    break;
            }
        }
        documents.End();
    }

    private double Number(int column, string text) => _types[column] == "date"
        ? new DateTimeOffset(DateTime.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeSeconds()
        : double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>One query of the workload as a plan.</summary>
    public SearchPlan Plan(JsonElement query)
    {
        var text = query.GetProperty("text").GetString();
        var filter = Filter(query.GetProperty("filter"));
        var sort = query.GetProperty("sort");
        var by = sort.GetProperty("by").GetString()!;
        var descending = sort.GetProperty("dir").GetString() == "desc";
        var match = text is null ? null : new TextMatch(text);
        return new SearchPlan
        {
            Filter = match is null ? filter : new AllOf(filter, match),
            Scoring = match,
            Sort = [by == "_score" ? new SortKey(SortSource.Score, 0, true) : new SortKey(SortSource.Column, _columns[by], descending)],
            Offset = query.GetProperty("offset").GetInt32(),
            Size = query.GetProperty("limit").GetInt32(),
            Facets =
            [
                .. query.GetProperty("facets").EnumerateArray().Select(facet => new FacetRequest(_columns[facet.GetString()!]) { Limit = 20 }),
                .. query.GetProperty("stats").EnumerateArray().Select(facet => new FacetRequest(_columns[facet.GetString()!]) { Values = false, Statistics = true }),
            ],
        };
    }

    public string Name(int column) => Schema.Columns[column].Name;

    private Filter Filter(JsonElement filter)
    {
        if (filter.TryGetProperty("and", out var all))
        {
            return new AllOf([.. all.EnumerateArray().Select(Filter)]);
        }
        if (filter.TryGetProperty("or", out var any))
        {
            return new AnyOf([.. any.EnumerateArray().Select(Filter)]);
        }
        if (filter.TryGetProperty("not", out var not))
        {
            return new Not(Filter(not));
        }
        var column = _columns[filter.GetProperty("attr").GetString()!];
        var number = Schema.Columns[column].Kind == ColumnKind.Number;
        switch (filter.GetProperty("op").GetString())
        {
            case "exists":
                return new Exists(column);
            case "eq":
                return number ? new NumberIn(column, Value(filter.GetProperty("value"))) : new KeywordIn(column, filter.GetProperty("value").GetString()!);
            case "in":
                return new KeywordIn(column, [.. filter.GetProperty("values").EnumerateArray().Select(value => value.GetString()!)]);
            case "all":
                return new KeywordAll(column, [.. filter.GetProperty("values").EnumerateArray().Select(value => value.GetString()!)]);
            case "near":
                return new Within(column, filter.GetProperty("lat").GetDouble(), filter.GetProperty("lon").GetDouble(), filter.GetProperty("km").GetDouble() * 1000);
            default:
                return new NumberRange(column,
                    filter.TryGetProperty("gte", out var from) ? Value(from) : double.NegativeInfinity,
                    filter.TryGetProperty("lte", out var to) ? Value(to) : double.PositiveInfinity);
        }

        double Value(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.Number => value.GetDouble(),
            _ => Number(column, value.GetString()!),
        };
    }
}
