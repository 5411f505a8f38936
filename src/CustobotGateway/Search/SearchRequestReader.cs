using System.Text.Json;
using System.Text.Unicode;
using CustobotGateway.Catalog;
using CustobotGateway.Common;

namespace CustobotGateway.Search;

/// <summary>
/// Reads a search request from UTF-8 in one pass. Written by hand because a search is answered in microseconds: the serializer alone
/// would take ten times as long as this and names no second fault. Only what the tree keeps is allocated; attribute keys are the registry's own strings.
/// </summary>
public ref partial struct SearchRequestReader
{
    [ThreadStatic]
    private static List<Constraint>? _constraintsOfThread;

    [ThreadStatic]
    private static List<ConstraintValue>? _valuesOfThread;

    private readonly ReadOnlySpan<byte> _body;
    private readonly AttributeRegistry _registry;
    private readonly List<Constraint> _constraintStack;
    private readonly List<ConstraintValue> _valueStack;
    private Utf8JsonReader _json;
    private SearchErrors? _errors;
    private int _constraintCount;
    private int _valueCount;

    private SearchRequestReader(ReadOnlySpan<byte> body, AttributeRegistry registry)
    {
        _body = body;
        _registry = registry;
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = SearchLimits.JsonDepth });
        _constraintStack = _constraintsOfThread ??= [];
        _valueStack = _valuesOfThread ??= [];
        // A request that was given up in the middle leaves its parts behind.
        _constraintStack.Clear();
        _valueStack.Clear();
    }

    /// <summary>Reads a request; the refusal names every fault of shape, up to a limit, by JSON Pointer.</summary>
    public static Outcome<SearchRequest> Read(ReadOnlySpan<byte> utf8, AttributeRegistry registry)
    {
        if (!Utf8.IsValid(utf8))
        {
            return Malformed(string.Empty, "invalid_utf8", "The body is not valid UTF-8.");
        }
        var reader = new SearchRequestReader(utf8, registry);
        try
        {
            reader.Next();
            var request = reader.ReadRequest();
            if (reader._errors is null && reader._json.Read())
            {
                return Malformed(string.Empty, "malformed_json", "There is something after the request's closing brace.");
            }
            return reader._errors is { } errors ? errors.ToProblem() : request;
        }
        catch (FatalFaultException)
        {
            return reader._errors!.ToProblem();
        }
        catch (JsonException exception)
        {
            // Deeper than the reader goes: no request needs that, so it is told as nesting, not as bad syntax.
            return reader._json.CurrentDepth >= SearchLimits.JsonDepth - 1
                ? SearchProblems.NestingTooDeep.With("The body is nested too deeply: groups (any, all, not) nest to 8.",
                    [new FieldError(JsonPointers.At(utf8, reader._json.TokenStartIndex), SearchProblems.NestingTooDeep.Code, "Nested too deeply.")])
                : Malformed(JsonPointers.At(utf8, reader._json.BytesConsumed), "malformed_json",
                    $"The body is not well-formed JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}.");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape.
            return Malformed(JsonPointers.At(utf8, reader._json.TokenStartIndex), "invalid_utf8", "A string holds half a surrogate pair, which is no character.");
        }
    }

    private static Problem Malformed(string pointer, string code, string detail) =>
        CommonProblems.MalformedBody.With(detail, [new FieldError(pointer, code, detail)]);

    private SearchRequest ReadRequest()
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Fault(CommonProblems.InvalidRequest, "wrong_type", "A search is a JSON object.");
            throw new FatalFaultException();
        }
        string? query = null;
        var mode = QueryMode.All;
        IReadOnlyList<Constraint> must = [], should = [], mustNot = [];
        IReadOnlyList<SortClause> sort = [];
        IReadOnlyList<string>? select = null;
        IReadOnlyList<FacetClause> facets = [];
        PageClause? page = null;
        var (explain, applyPreferences) = (false, false);
        uint seen = 0;
        while (NextMember(RequestMembers, "query, query_mode, must, should, must_not, sort, select, facets, page, explain, apply_preferences", ref seen, out var member))
        {
            switch (member)
            {
                case 0:
                    query = ReadText("query");
                    break;
                case 1:
                    mode = ReadQueryMode();
                    break;
                case 2:
                    must = ReadConstraints(0, ConstraintPlace.Must);
                    break;
                case 3:
                    should = ReadConstraints(0, ConstraintPlace.Should);
                    break;
                case 4:
                    mustNot = ReadConstraints(0, ConstraintPlace.MustNot);
                    break;
                case 5:
                    sort = ReadSort();
                    break;
                case 6:
                    select = ReadSelect();
                    break;
                case 7:
                    facets = ReadFacets();
                    break;
                case 8:
                    page = ReadPage();
                    break;
                case 9:
                    explain = ReadBoolean("explain") ?? false;
                    break;
                default:
                    applyPreferences = ReadBoolean("apply_preferences") ?? false;
                    break;
            }
        }
        return new SearchRequest
        {
            Query = query,
            QueryMode = mode,
            Must = must,
            Should = should,
            MustNot = mustNot,
            Sort = sort,
            Select = select,
            Facets = facets,
            Page = page,
            Explain = explain,
            ApplyPreferences = applyPreferences,
        };
    }

    private static int RequestMembers(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("must"u8) ? 2 : name.SequenceEqual("sort"u8) ? 5 : name.SequenceEqual("page"u8) ? 8 : -1,
        5 => name.SequenceEqual("query"u8) ? 0 : -1,
        6 => name.SequenceEqual("should"u8) ? 3 : name.SequenceEqual("select"u8) ? 6 : name.SequenceEqual("facets"u8) ? 7 : -1,
        7 => name.SequenceEqual("explain"u8) ? 9 : -1,
        8 => name.SequenceEqual("must_not"u8) ? 4 : -1,
        10 => name.SequenceEqual("query_mode"u8) ? 1 : -1,
        17 => name.SequenceEqual("apply_preferences"u8) ? 10 : -1,
        _ => -1,
    };

    private QueryMode ReadQueryMode()
    {
        if (_json.TokenType == JsonTokenType.String)
        {
            if (_json.ValueTextEquals("any"u8))
            {
                return QueryMode.Any;
            }
            if (_json.ValueTextEquals("all"u8))
            {
                return QueryMode.All;
            }
        }
        WrongType("query_mode", "\"all\" or \"any\"");
        return QueryMode.All;
    }

    private List<SortClause> ReadSort()
    {
        var clauses = new List<SortClause>();
        if (!BeginArray("sort"))
        {
            return [];
        }
        while (NextElement("sort", SearchLimits.SortKeys, clauses.Count))
        {
            if (!IsObject("A sort key", "{\"by\":\"price\",\"order\":\"asc\"}"))
            {
                continue;
            }
            var start = _json.TokenStartIndex;
            string? by = null;
            SortOrder? order = null;
            uint seen = 0;
            while (NextMember(static name => name.SequenceEqual("by"u8) ? 0 : name.SequenceEqual("order"u8) ? 1 : -1, "by, order", ref seen, out var member))
            {
                if (member == 0)
                {
                    by = ReadKey("by");
                }
                else if (_json.TokenType == JsonTokenType.String && _json.ValueTextEquals("desc"u8))
                {
                    order = SortOrder.Desc;
                }
                else if (_json.TokenType == JsonTokenType.String && _json.ValueTextEquals("asc"u8))
                {
                    order = SortOrder.Asc;
                }
                else
                {
                    WrongType("order", "\"asc\" or \"desc\"");
                }
            }
            if (Required(by, start, "by"))
            {
                clauses.Add(new SortClause(by!, order));
            }
        }
        return clauses;
    }

    private List<string> ReadSelect()
    {
        var keys = new List<string>();
        if (!BeginArray("select"))
        {
            return [];
        }
        while (NextElement("select", SearchLimits.Select, keys.Count))
        {
            if (ReadKey("A selected attribute") is { } key)
            {
                keys.Add(key);
            }
        }
        return keys;
    }

    private PageClause? ReadPage()
    {
        if (!IsObject("page", "{\"size\":24,\"after\":null}"))
        {
            return null;
        }
        int? size = null, offset = null;
        string? after = null;
        uint seen = 0;
        while (NextMember(static name => name.SequenceEqual("size"u8) ? 0 : name.SequenceEqual("after"u8) ? 1 : name.SequenceEqual("offset"u8) ? 2 : -1,
            "size, after, offset", ref seen, out var member))
        {
            switch (member)
            {
                case 0:
                    size = ReadInteger("size");
                    break;
                case 1:
                    after = ReadText("after", SearchLimits.BodyBytes);
                    break;
                default:
                    offset = ReadInteger("offset");
                    break;
            }
        }
        return new PageClause { Size = size, After = after, Offset = offset };
    }

    private List<FacetClause> ReadFacets()
    {
        var facets = new List<FacetClause>();
        if (!BeginArray("facets"))
        {
            return [];
        }
        while (NextElement("facets", SearchLimits.Facets, facets.Count))
        {
            if (IsObject("A facet", "{\"attribute\":\"brand\",\"limit\":10}") && ReadFacet() is { } facet)
            {
                facets.Add(facet);
            }
        }
        return facets;
    }

    private FacetClause? ReadFacet()
    {
        var start = _json.TokenStartIndex;
        string? attribute = null, unit = null, currency = null;
        int? limit = null;
        bool excludeOwn = false, stats = false;
        List<FacetRangeClause>? ranges = null;
        uint seen = 0;
        while (NextMember(FacetMembers, "attribute, limit, exclude_own, stats, ranges, unit, currency", ref seen, out var member))
        {
            switch (member)
            {
                case 0:
                    attribute = ReadKey("attribute");
                    break;
                case 1:
                    limit = ReadInteger("limit");
                    break;
                case 2:
                    excludeOwn = ReadBoolean("exclude_own") ?? false;
                    break;
                case 3:
                    stats = ReadBoolean("stats") ?? false;
                    break;
                case 4:
                    ranges = ReadRanges();
                    break;
                case 5:
                    unit = ReadText("unit");
                    break;
                default:
                    currency = ReadText("currency");
                    break;
            }
        }
        return Required(attribute, start, "attribute")
            ? new FacetClause
            {
                Attribute = attribute!,
                Limit = limit,
                ExcludeOwn = excludeOwn,
                Stats = stats,
                Ranges = ranges,
                Unit = unit,
                Currency = currency,
            }
            : null;
    }

    private static int FacetMembers(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("unit"u8) ? 5 : -1,
        5 => name.SequenceEqual("limit"u8) ? 1 : name.SequenceEqual("stats"u8) ? 3 : -1,
        6 => name.SequenceEqual("ranges"u8) ? 4 : -1,
        8 => name.SequenceEqual("currency"u8) ? 6 : -1,
        9 => name.SequenceEqual("attribute"u8) ? 0 : -1,
        11 => name.SequenceEqual("exclude_own"u8) ? 2 : -1,
        _ => -1,
    };

    private List<FacetRangeClause> ReadRanges()
    {
        var ranges = new List<FacetRangeClause>();
        if (!BeginArray("ranges"))
        {
            return [];
        }
        while (NextElement("ranges", SearchLimits.FacetRanges, ranges.Count))
        {
            if (!IsObject("A range", "{\"from\":0,\"to\":100}"))
            {
                continue;
            }
            ConstraintValue? from = null, to = null;
            uint seen = 0;
            while (NextMember(static name => name.SequenceEqual("from"u8) ? 0 : name.SequenceEqual("to"u8) ? 1 : -1, "from, to", ref seen, out var member))
            {
                if (member == 0)
                {
                    from = ReadValue();
                }
                else
                {
                    to = ReadValue();
                }
            }
            ranges.Add(new FacetRangeClause(from, to));
        }
        return ranges;
    }

    /// <summary>Where a constraint stands: only a wish has a weight.</summary>
    private enum ConstraintPlace
    {
        Must,
        Should,
        MustNot,
        Group,
    }

    /// <summary>Ends the reading at a fault after which nothing more can be told.</summary>
    private sealed class FatalFaultException : Exception;
}
