using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using CustobotGateway.Common;

namespace CustobotGateway.Search;

/// <content>Constraints to filters.</content>
public sealed partial class SearchBinder
{
    // Stands for a constraint that was refused; it never reaches the index.
    private static readonly Filter Refused = new AnyOf([]);

    private Filter[] BindAll(IReadOnlyList<Constraint> constraints)
    {
        if (constraints.Count == 0)
        {
            return [];
        }
        var filters = new Filter[constraints.Count];
        for (var i = 0; i < filters.Length; i++)
        {
            filters[i] = Bind(constraints[i]);
        }
        return filters;
    }

    private Filter Bind(Constraint constraint)
    {
        if (constraint.Any is { } any)
        {
            return new AnyOf(BindAll(any));
        }
        if (constraint.All is { } all)
        {
            return new AllOf(BindAll(all));
        }
        if (constraint.Not is { } not)
        {
            var parts = BindAll(not);
            return new Not(parts.Length == 1 ? parts[0] : new AnyOf(parts));
        }
        return BindCondition(constraint);
    }

    private Filter BindCondition(Constraint constraint)
    {
        var key = constraint.Attribute!;
        if (key is "id" or "external_id")
        {
            return BindKey(constraint, key == "id");
        }
        if (FindQuietly(key) is not { Column: >= 0 } attribute)
        {
            RefuseAttribute(key, JsonPointers.Of(_request, constraint) + "/attribute");
            return Refused;
        }
        var op = constraint.Op!.Value;
        if (!Has(attribute.Attribute.Operators, op))
        {
            return Fault(constraint, "/op", SearchProblems.OperatorNotSupported,
                $"{key} does not have {SearchRequestReader.NameOf(op)}; it has {string.Join(", ", attribute.Attribute.Operators.Select(SearchRequestReader.NameOf))}.");
        }
        if (op == Operator.Exists)
        {
            return BindExists(constraint, attribute);
        }
        return attribute.Type switch
        {
            AttributeType.Keyword or AttributeType.KeywordSet or AttributeType.Text => BindTerms(constraint, attribute),
            AttributeType.Geo => BindWithin(constraint, attribute),
            _ => BindNumber(constraint, attribute),
        };
    }

    private Filter BindExists(Constraint constraint, SearchableAttribute attribute) => constraint.Value!.Value.Kind switch
    {
        ConstraintValueKind.True => new Exists(attribute.Column),
        ConstraintValueKind.False => new Not(new Exists(attribute.Column)),
        _ => Fault(constraint, "/value", SearchProblems.ValueTypeMismatch, "exists takes true or false."),
    };

    private Filter BindTerms(Constraint constraint, SearchableAttribute attribute)
    {
        if (constraint.Unit is not null)
        {
            return Fault(constraint, "/unit", SearchProblems.UnitNotConvertible, $"{attribute.Key} has no unit.");
        }
        var unknown = constraint.Unknown ?? UnknownPolicy.Exclude;
        if (constraint.Op is Operator.Eq or Operator.Prefix)
        {
            var value = constraint.Value!.Value;
            if (value.Kind != ConstraintValueKind.Text)
            {
                return Fault(constraint, "/value", SearchProblems.ValueTypeMismatch, $"{attribute.Key} is a string.");
            }
            return constraint.Op == Operator.Eq
                ? new KeywordIn(attribute.Column, [attribute.Attribute.Canonical(value.Text!)]) { Unknown = unknown }
                : new KeywordPrefix(attribute.Column, value.Text!) { Unknown = unknown };
        }
        var values = constraint.Values!;
        var terms = new string[values.Count];
        for (var i = 0; i < terms.Length; i++)
        {
            if (values[i].Kind != ConstraintValueKind.Text)
            {
                return Fault(constraint, $"/values/{i}", SearchProblems.ValueTypeMismatch, $"{attribute.Key} is a string.");
            }
            terms[i] = attribute.Attribute.Canonical(values[i].Text!);
        }
        return constraint.Op == Operator.All
            ? new KeywordAll(attribute.Column, terms) { Unknown = unknown }
            : new KeywordIn(attribute.Column, terms) { Unknown = unknown };
    }

    private Filter BindWithin(Constraint constraint, SearchableAttribute attribute)
    {
        if (constraint.Value!.Value.Circle is not { } circle)
        {
            return Fault(constraint, "/value", SearchProblems.ValueTypeMismatch, "within takes a circle: {\"lat\":52.5,\"lon\":13.4,\"radius\":25,\"unit\":\"km\"}.");
        }
        return OperandReader.TryReadCircle(circle, constraint.Unit, out var metres, out var fault)
            ? new Within(attribute.Column, circle.Lat, circle.Lon, metres) { Unknown = constraint.Unknown ?? UnknownPolicy.Exclude }
            : Fault(constraint, fault.Member is "unit" && circle.Unit is null && constraint.Unit is not null ? "/unit" : "/value/" + fault.Member, fault.Type, fault.Detail);
    }

    private Filter BindNumber(Constraint constraint, SearchableAttribute attribute)
    {
        var (column, unknown) = (attribute.Column, constraint.Unknown ?? UnknownPolicy.Exclude);
        string? currency = null;
        OperandNumber operand;
        Filter filter;
        switch (constraint.Op)
        {
            case Operator.In:
                filter = BindNumbers(constraint, attribute, ref currency);
                break;
            case Operator.Between:
                if (!TryRead(constraint, attribute, constraint.From!.Value, "/from", ref currency, out var from)
                    | !TryRead(constraint, attribute, constraint.To!.Value, "/to", ref currency, out var to))
                {
                    return Refused;
                }
                if (from.Lowest > to.Highest)
                {
                    return Fault(constraint, "", SearchProblems.RangeReversed, "from is above to: exchange them.");
                }
                filter = new NumberRange(column, from.Lowest, to.Highest) { Unknown = unknown };
                break;
            default:
                if (!TryRead(constraint, attribute, constraint.Value!.Value, "/value", ref currency, out operand))
                {
                    return Refused;
                }
                filter = constraint.Op switch
                {
                    Operator.Eq => new NumberRange(column, operand.Lowest, operand.Highest) { Unknown = unknown },
                    Operator.Gt => new NumberRange(column, Math.BitIncrement(operand.Highest), double.PositiveInfinity) { Unknown = unknown },
                    Operator.Gte => new NumberRange(column, operand.Lowest, double.PositiveInfinity) { Unknown = unknown },
                    Operator.Lt => new NumberRange(column, double.NegativeInfinity, Math.BitDecrement(operand.Lowest)) { Unknown = unknown },
                    _ => new NumberRange(column, double.NegativeInfinity, operand.Highest) { Unknown = unknown },
                };
                break;
        }
        return currency is null ? filter : InCurrency(filter, attribute, currency, unknown);
    }

    private Filter BindNumbers(Constraint constraint, SearchableAttribute attribute, ref string? currency)
    {
        var values = constraint.Values!;
        var unknown = constraint.Unknown ?? UnknownPolicy.Exclude;
        var numbers = new double[values.Count];
        // Days are ranges: products that carry a time of the day are of that day.
        var days = attribute.Type == AttributeType.Date ? new Filter[values.Count] : null;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!TryRead(constraint, attribute, values[i], $"/values/{i}", ref currency, out var operand))
            {
                return Refused;
            }
            numbers[i] = operand.Lowest;
            if (days is not null)
            {
                days[i] = new NumberRange(attribute.Column, operand.Lowest, operand.Highest) { Unknown = unknown };
            }
        }
        return days is not null ? new AnyOf(days) : new NumberIn(attribute.Column, numbers) { Unknown = unknown };
    }

    /// <summary>
    /// Amounts of several currencies share a column: a bound holds for those of its own only. Where all amounts are of one currency, the
    /// range alone says it.
    /// </summary>
    private Filter InCurrency(Filter amounts, SearchableAttribute attribute, string currency, UnknownPolicy unknown)
    {
        if (_catalog.Snapshot.TermCount(attribute.CurrencyColumn) <= 1 || ReferenceEquals(amounts, Refused))
        {
            return amounts;
        }
        var both = new AllOf([amounts, new KeywordIn(attribute.CurrencyColumn, [currency]) { Unknown = unknown }]);
        return both;
    }

    private bool TryRead(Constraint constraint, SearchableAttribute attribute, in ConstraintValue value, string member, ref string? currency, out OperandNumber number)
    {
        if (!OperandReader.TryRead(attribute, value, constraint.Unit, out number, out var fault))
        {
            var place = fault.Member.Length == 0 ? member
                : value is { Kind: ConstraintValueKind.Measure, Text: not null } ? $"{member}/{fault.Member}"
                : "/" + fault.Member;
            Fault(constraint, place, fault.Type, fault.Detail);
            return false;
        }
        if (attribute.Type != AttributeType.Money)
        {
            return true;
        }
        if (currency is not null && currency != value.Text)
        {
            Fault(constraint, member + "/currency", SearchProblems.ValueInvalid, $"The amounts of one constraint have one currency; the one before is in {currency}.");
            return false;
        }
        currency = value.Text!;
        return HasCurrency(attribute, currency) || Fault(constraint, member + "/currency", SearchProblems.CurrencyNotAvailable,
            $"No product has {attribute.Key} in '{currency}'; there are {string.Join(", ", Currencies(attribute))}.") is null;
    }

    /// <summary>Whether amounts of the currency occur; any currency will do while there are no amounts at all.</summary>
    private bool HasCurrency(SearchableAttribute attribute, string currency) =>
        _catalog.Snapshot.FindTerm(attribute.CurrencyColumn, currency) >= 0 || _catalog.Snapshot.TermCount(attribute.CurrencyColumn) == 0;

    private List<string> Currencies(SearchableAttribute attribute)
    {
        var currencies = new List<string>();
        for (var term = 0; term < _catalog.Snapshot.TermCount(attribute.CurrencyColumn); term++)
        {
            currencies.Add(_catalog.Snapshot.Term(attribute.CurrencyColumn, term));
        }
        currencies.Sort(StringComparer.Ordinal);
        return currencies;
    }

    /// <summary>Products by their ids or by the merchant's keys; both are found by the merchant's key, which the index keeps as a term.</summary>
    private Filter BindKey(Constraint constraint, bool byId)
    {
        var op = constraint.Op!.Value;
        if (op is not (Operator.Eq or Operator.In) && (byId || op != Operator.Prefix))
        {
            return Fault(constraint, "/op", SearchProblems.OperatorNotSupported, byId ? "id has eq and in." : "external_id has eq, in and prefix.");
        }
        var terms = new List<string>();
        for (var i = 0; i < (constraint.Values?.Count ?? 1); i++)
        {
            var value = constraint.Values?[i] ?? constraint.Value!.Value;
            if (value.Kind != ConstraintValueKind.Text)
            {
                return Fault(constraint, constraint.Values is null ? "/value" : $"/values/{i}", SearchProblems.ValueTypeMismatch, $"{constraint.Attribute} is a string.");
            }
            if (!byId)
            {
                terms.Add(value.Text!);
            }
            else if (ExternalIdOf(value.Text!) is { } external)
            {
                terms.Add(external);
            }
        }
        return op == Operator.Prefix ? new KeywordPrefix(IndexedCatalog.ExternalIdColumn, terms[0]) : new KeywordIn(IndexedCatalog.ExternalIdColumn, terms);
    }

    private string? ExternalIdOf(string id)
    {
        Span<int> term = stackalloc int[1];
        return Ids.TryGetNumber("prd", id, out var number)
            && _catalog.Snapshot.TryFind(number, out var document)
            && _catalog.Snapshot.GetTerms(document, IndexedCatalog.ExternalIdColumn, term) == 1
                ? _catalog.Snapshot.Term(IndexedCatalog.ExternalIdColumn, term[0])
                : null;
    }

    private static bool Has(IReadOnlyList<Operator> operators, Operator op)
    {
        for (var i = 0; i < operators.Count; i++)
        {
            if (operators[i] == op)
            {
                return true;
            }
        }
        return false;
    }

    private Filter Fault(Constraint constraint, string member, ProblemType type, string detail)
    {
        Refuse<object>(type, JsonPointers.Of(_request, constraint) + member, detail);
        return Refused;
    }
}
