using System.Globalization;
using CustobotGateway.Catalog;
using CustobotGateway.Common;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Searching;

/// <summary>
/// Reads the arguments of <c>products</c> into the tree that REST reads its body into. Where in the arguments a constraint came from is
/// worked out by a second reading, and only for a search that is refused.
/// </summary>
internal sealed partial class SearchInput
{
    private readonly RegistryNames _names;
    private readonly Dictionary<Constraint, string>? _places;
    private SearchErrors? _errors;
    private bool _isFaulty;

    private SearchInput(RegistryNames names, bool keepsPlaces) =>
        (_names, _places) = (names, keepsPlaces ? new(ReferenceEqualityComparer.Instance) : null);

    /// <summary>The search; the refusal names what is wrong by JSON Pointer into the arguments.</summary>
    public static Outcome<SearchRequest> Read(Arguments arguments, RegistryNames names)
    {
        var input = new SearchInput(names, keepsPlaces: false);
        var request = input.ReadRequest(arguments);
        if (!input._isFaulty)
        {
            return request;
        }
        var again = new SearchInput(names, keepsPlaces: true);
        again.ReadRequest(arguments);
        return again._errors!.ToProblem();
    }

    /// <summary>A refusal of the search that was read, with pointers into the arguments instead of REST's body.</summary>
    public static Problem Place(Problem problem, Arguments arguments, RegistryNames names)
    {
        if (problem.Errors.Count == 0)
        {
            return problem;
        }
        var places = PlacesOf(arguments, names);
        return problem with { Errors = [.. problem.Errors.Select(error => error with { Pointer = places(error.Pointer) })] };
    }

    /// <summary>Turns JSON Pointers into REST's body into pointers into the arguments.</summary>
    public static Func<string, string> PlacesOf(Arguments arguments, RegistryNames names)
    {
        var input = new SearchInput(names, keepsPlaces: true);
        var request = input.ReadRequest(arguments);
        return pointer => ArgumentPointers.Of(pointer, request, input._places!);
    }

    private SearchRequest ReadRequest(Arguments arguments) => new()
    {
        Query = arguments.Get<string>("query"),
        QueryMode = arguments["queryMode"] is "ANY" ? QueryMode.Any : QueryMode.All,
        Must = ReadMust(arguments["must"]),
        Should = ReadWishes(arguments["should"]),
        MustNot = ReadFilters(arguments["mustNot"], Root("mustNot")),
        Sort = ReadSort(arguments["sort"]),
        Select = [],
        Facets = ReadFacets(arguments["facets"]),
        Page = new PageClause { Size = arguments["first"] as int?, After = arguments.Get<string>("after"), Offset = arguments["offset"] as int? },
        Explain = arguments["explain"] is true,
        ApplyPreferences = arguments["applyPreferences"] is true,
    };

    private List<Constraint> ReadMust(object? value)
    {
        if (value is not IReadOnlyList<object?> { Count: > 0 } filters)
        {
            return [];
        }
        var constraints = new List<Constraint>();
        for (var i = 0; i < filters.Count; i++)
        {
            AddConditions((InputObject)filters[i]!, constraints, At(Root("must"), i));
        }
        return constraints;
    }

    private Constraint[] ReadFilters(object? value, string? path)
    {
        if (value is not IReadOnlyList<object?> filters)
        {
            return [];
        }
        var constraints = new Constraint[filters.Count];
        for (var i = 0; i < constraints.Length; i++)
        {
            constraints[i] = ReadOne((InputObject)filters[i]!, At(path, i));
        }
        return constraints;
    }

    private Constraint[] ReadWishes(object? value)
    {
        if (value is not IReadOnlyList<object?> wishes)
        {
            return [];
        }
        var constraints = new Constraint[wishes.Count];
        for (var i = 0; i < constraints.Length; i++)
        {
            var (wish, path) = ((InputObject)wishes[i]!, At(Root("should"), i));
            var weight = wish.TryGetValue("weight", out var given) && given is double number ? number : 1;
            if (!(weight is > 0 and <= SearchLimits.Weight))
            {
                Fault(At(path, "weight"), SearchProblems.ValueOutOfRange, SearchProblems.ValueOutOfRange.Code, $"A weight is above 0 and at most {SearchLimits.Weight:0}.");
            }
            var filter = ReadOne((InputObject)wish["filter"]!, At(path, "filter"));
            constraints[i] = filter with { Weight = weight };
            if (_places is not null && _places.TryGetValue(filter, out var place))
            {
                _places[constraints[i]] = place;
            }
        }
        return constraints;
    }

    /// <summary>A filter as one constraint: its condition, or all of them as a group.</summary>
    private Constraint ReadOne(InputObject filter, string? path)
    {
        var conditions = new List<Constraint>(filter.Count);
        AddConditions(filter, conditions, path);
        switch (conditions.Count)
        {
            case 0:
                Fault(path, CommonProblems.InvalidRequest, "empty_filter", "A filter has at least one condition here.");
                return new Constraint();
            case 1:
                return conditions[0];
            default:
                return Keep(new Constraint { All = conditions }, path);
        }
    }

    private void AddConditions(InputObject filter, List<Constraint> into, string? path)
    {
        foreach (var (field, value) in filter.Fields)
        {
            if (value is null)
            {
                continue;
            }
            var here = At(path, field.Name);
            switch (field.Name)
            {
                case "any":
                    into.Add(Keep(new Constraint { Any = ReadGroup(value, here) }, here));
                    break;
                case "all":
                    into.Add(Keep(new Constraint { All = ReadGroup(value, here) }, here));
                    break;
                case "not":
                    into.Add(Keep(new Constraint { Not = ReadGroup(value, here) }, here));
                    break;
                case "id":
                    AddKeyConditions("id", (InputObject)value, into, here);
                    break;
                case "externalId":
                    AddKeyConditions("external_id", (InputObject)value, into, here);
                    break;
                default:
                    new ConditionReader(this, _names.ByField(field.Name), (InputObject)value, into, here).Read();
                    break;
            }
        }
    }

    private Constraint[] ReadGroup(object value, string? path)
    {
        var parts = ReadFilters(value, path);
        if (parts.Length == 0)
        {
            Fault(path, CommonProblems.InvalidRequest, "empty_list", "A group has at least one constraint.");
        }
        return parts;
    }

    private void AddKeyConditions(string key, InputObject filter, List<Constraint> into, string? path)
    {
        foreach (var (field, value) in filter.Fields)
        {
            switch (field.Name, value)
            {
                case (_, null):
                    break;
                case ("in", IReadOnlyList<object?> values):
                    into.Add(Keep(new Constraint { Attribute = key, Op = Operator.In, Values = ReadTexts(values, At(path, "in")) }, At(path, "in")));
                    break;
                case (var name, string text):
                    into.Add(Keep(new Constraint { Attribute = key, Op = name == "eq" ? Operator.Eq : Operator.Prefix, Value = ReadText(text, At(path, name)) }, At(path, name)));
                    break;
            }
        }
    }

    private ConstraintValue[] ReadTexts(IReadOnlyList<object?> texts, string? path)
    {
        if (texts.Count == 0)
        {
            Fault(path, CommonProblems.InvalidRequest, "empty_list", "The list has at least one value.");
        }
        var values = new ConstraintValue[texts.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ReadText((string)texts[i]!, At(path, i));
        }
        return values;
    }

    private ConstraintValue ReadText(string text, string? path)
    {
        if (text.Length > SearchLimits.ValueCharacters)
        {
            Fault(path, SearchProblems.LimitExceeded, SearchProblems.LimitExceeded.Code, $"A value has at most {SearchLimits.ValueCharacters} characters.");
        }
        return ConstraintValue.Of(text);
    }

    private IReadOnlyList<SortClause> ReadSort(object? value) => value is not IReadOnlyList<object?> keys ? []
        : [.. keys.Cast<InputObject>().Select(key => new SortClause((string)key["by"]! switch
        {
            "externalId" => "external_id",
            "_score" or "id" => (string)key["by"]!,
            var field => _names.ByField(field).Key,
        }, key.GetValueOrDefault("order") switch { "ASC" => SortOrder.Asc, "DESC" => SortOrder.Desc, _ => null }))];

    private IReadOnlyList<FacetClause> ReadFacets(object? value) => value is not IReadOnlyList<object?> facets ? []
        : [.. facets.Select((facet, i) => ReadFacet((InputObject)facet!, At(Root("facets"), i)))];

    private FacetClause ReadFacet(InputObject facet, string? path)
    {
        var field = (string)facet["attribute"]!;
        return new FacetClause
        {
            Attribute = field == "_none" ? field : _names.ByField(field).Key,
            Limit = facet.GetValueOrDefault("limit") as int?,
            ExcludeOwn = facet.GetValueOrDefault("excludeOwn") is true,
            Stats = facet.GetValueOrDefault("stats") is true,
            Unit = facet.GetValueOrDefault("unit") as string,
            Currency = facet.GetValueOrDefault("currency") as string,
            Ranges = facet.GetValueOrDefault("ranges") is not IReadOnlyList<object?> ranges ? null
                : [.. ranges.Cast<InputObject>().Select((range, i) => new FacetRangeClause(
                    ReadBound(range.GetValueOrDefault("from"), At(At(At(path, "ranges"), i), "from")), ReadBound(range.GetValueOrDefault("to"), At(At(At(path, "ranges"), i), "to"))))],
        };
    }

    /// <summary>A bound as JSON: the forms that REST takes.</summary>
    private ConstraintValue? ReadBound(object? bound, string? path)
    {
        switch (bound)
        {
            case null:
                return null;
            case long or double:
                return Number(bound);
            case string text:
                return ReadText(text, path);
            case IReadOnlyDictionary<string, object?> { Count: 2 } money when money.GetValueOrDefault("currency") is string currency && money.GetValueOrDefault("amount") is long or double:
                return Number(money["amount"]!) is { Kind: ConstraintValueKind.Number } amount ? ConstraintValue.Money(amount.Number, currency) : ConstraintValue.OutOfRange;
            case IReadOnlyDictionary<string, object?> { Count: 2 } measure when measure.GetValueOrDefault("unit") is string unit && measure.GetValueOrDefault("value") is long or double:
                return Number(measure["value"]!) is { Kind: ConstraintValueKind.Number } value ? ConstraintValue.Measure(value.Number, unit) : ConstraintValue.OutOfRange;
            default:
                Fault(path, CommonProblems.InvalidRequest, "wrong_type", "A bound is a number, a text, money {amount, currency} or a measure {value, unit}.");
                return null;
        }
    }

    /// <summary>A number as the tree keeps it; 15 significant digits of a double bring back the decimal that was written.</summary>
    private static ConstraintValue Number(object number) => number switch
    {
        long whole => ConstraintValue.Of(whole),
        int whole => ConstraintValue.Of(whole),
        double real when Math.Abs(real) < (double)decimal.MaxValue / 10 => ConstraintValue.Of((decimal)real),
        _ => ConstraintValue.OutOfRange,
    };

    private Constraint Keep(Constraint constraint, string? place)
    {
        if (place is not null)
        {
            _places?.Add(constraint, place);
        }
        return constraint;
    }

    private void Fault(string? path, ProblemType type, string code, string detail)
    {
        _isFaulty = true;
        if (path is not null)
        {
            (_errors ??= new SearchErrors()).Add(type, path, code, detail);
        }
    }

    private string? Root(string argument) => _places is null ? null : "/" + argument;

    private static string? At(string? path, string name) => path is null ? null : $"{path}/{name}";

    private static string? At(string? path, int index) => path is null ? null : string.Create(CultureInfo.InvariantCulture, $"{path}/{index}");
}
