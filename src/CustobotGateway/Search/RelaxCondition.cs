using System.Globalization;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog;
using SortKey = CustobotGateway.AttributeIndex.SortKey;

namespace CustobotGateway.Search;

/// <summary>
/// Finds the smallest change of one condition that gives at least 5 hits, of each kind that the condition admits. The search has no hit, so
/// a changed search finds just the products that match with the condition left out (the candidates) and that the changed condition takes in:
/// the fifth nearest of the candidates gives the new bound.
/// </summary>
internal sealed class RelaxCondition(
    BoundSearch search, SearchCounter counter, Constraint constraint, string pointer, Func<Filter, Filter> whole, List<Relaxation> relaxations)
{
    private const int Target = ExplainEmpty.Target;
    private const int FacetValues = 200;
    private const int LongestAll = 12;
    private const double UnknownSize = 0.5;

    private readonly IndexSnapshot _snapshot = search.Catalog.Snapshot;
    private readonly SearchableAttribute? _attribute = SearchLayout.Of(search.Catalog).Find(constraint.Attribute!);

    public void Run()
    {
        if (_attribute is null || constraint.Op == Operator.Exists || constraint.Unknown == UnknownPolicy.Only)
        {
            return;
        }
        var candidates = whole(new AllOf([]));
        if (counter.Count(candidates) < Target)
        {
            return;
        }
        if (constraint.Unknown != UnknownPolicy.Include)
        {
            Offer("allow_unknown", constraint with { Unknown = UnknownPolicy.Include }, "products without a value count, too", UnknownSize);
        }
        switch (constraint.Op)
        {
            case Operator.Gt or Operator.Gte or Operator.Lt or Operator.Lte or Operator.Between:
                Widen(candidates);
                break;
            case Operator.Eq or Operator.In when Has(Operator.In):
                AddValues(candidates);
                break;
            case Operator.All:
                RemoveValues();
                break;
            case Operator.Within:
                Enlarge(candidates);
                break;
            default:
                break;
        }
    }

    private void Widen(Filter candidates)
    {
        var filter = SearchBinder.BindOne(search, constraint);
        var range = filter as NumberRange ?? ((AllOf)filter).Parts.OfType<NumberRange>().First();
        var currency = (constraint.Value ?? constraint.From)?.Text is { } text && _attribute!.Type == AttributeType.Money ? text : null;
        if (currency is not null)
        {
            candidates = new AllOf([candidates, new KeywordIn(_attribute!.CurrencyColumn, [currency])]);
        }
        if (double.IsFinite(range.Minimum)
            && Nearest(candidates, new NumberRange(_attribute!.Column, double.NegativeInfinity, Math.BitDecrement(range.Minimum)), descending: true) is { } lower)
        {
            OfferBound(range.Minimum, lower, range, currency, isLower: true);
        }
        if (double.IsFinite(range.Maximum)
            && Nearest(candidates, new NumberRange(_attribute!.Column, Math.BitIncrement(range.Maximum), double.PositiveInfinity), descending: false) is { } upper)
        {
            OfferBound(range.Maximum, upper, range, currency, isLower: false);
        }
    }

    /// <summary>The value of the fifth candidate on one side; null when there are fewer.</summary>
    private double? Nearest(Filter candidates, NumberRange side, bool descending)
    {
        var found = counter.Search(new SearchPlan
        {
            Filter = new AllOf([candidates, side]),
            Sort = [new SortKey(SortSource.Column, side.Column, descending)],
            Size = Target,
        });
        return found.Hits.Count == Target && _snapshot.TryGetNumber(found.Hits[^1].Document, side.Column, out var value) ? value : null;
    }

    private void OfferBound(double old, double bound, NumberRange range, string? currency, bool isLower)
    {
        var value = Operand(bound, currency);
        Constraint changed;
        if (constraint.Op != Operator.Between)
        {
            changed = constraint with { Op = isLower ? Operator.Gte : Operator.Lte, Value = value, Unit = UnitOf() };
        }
        else if (_attribute!.Type == AttributeType.Date)
        {
            changed = isLower ? constraint with { From = value } : constraint with { To = value };
        }
        else
        {
            changed = constraint with
            {
                From = isLower ? value : Operand(range.Minimum, currency),
                To = isLower ? Operand(range.Maximum, currency) : value,
                Unit = UnitOf(),
            };
        }
        var change = Math.Abs(bound - old);
        // Of dates a year counts as half of all, since there is no zero to measure against.
        var size = _attribute!.Type == AttributeType.Date ? change / (change + (365 * 86_400)) : change / Math.Max(Math.Abs(bound), Math.Abs(old));
        Offer("widen", changed, $"{(isLower ? "from" : "up to")} {Show(value)}", Math.Min(1, size));
    }

    private void AddValues(Filter candidates)
    {
        var facet = counter.Search(new SearchPlan { Filter = candidates, Size = 1, Facets = [new FacetRequest(_attribute!.Column) { Limit = FacetValues }] }).Facets[0];
        // The result is used again by the next search.
        FacetCount[] values = [.. facet.Values];
        for (var count = 1; count <= Math.Min(Target, values.Length) && counter.HasWorkLeft; count++)
        {
            if (Fewest(values, count, 0, []))
            {
                return;
            }
        }
    }

    /// <summary>Offers the first set of so many values, most frequent first, that gives enough hits; of a keyword set, values may share products.</summary>
    private bool Fewest(FacetCount[] values, int missing, int from, List<FacetCount> chosen)
    {
        if (missing == 0)
        {
            return OfferValues(chosen);
        }
        for (var i = from; i <= values.Length - missing && counter.HasWorkLeft; i++)
        {
            // Counts only fall from here: when the most that can come is too little, no later one helps.
            if (chosen.Sum(value => value.Count) + ((long)missing * values[i].Count) < Target)
            {
                return false;
            }
            chosen.Add(values[i]);
            if (Fewest(values, missing - 1, i + 1, chosen))
            {
                return true;
            }
            chosen.RemoveAt(chosen.Count - 1);
        }
        return false;
    }

    private bool OfferValues(List<FacetCount> added)
    {
        var given = constraint.Values ?? [constraint.Value!.Value];
        var currency = _attribute!.Type == AttributeType.Money ? given[0].Text : null;
        var values = new List<ConstraintValue>(given.Count + added.Count);
        foreach (var value in given)
        {
            values.Add(constraint.Unit is not null && value.Kind == ConstraintValueKind.Number ? ConstraintValue.Measure(value.Number, constraint.Unit) : value);
        }
        foreach (var value in added)
        {
            values.Add(value.Term >= 0 ? ConstraintValue.Of(_snapshot.Term(_attribute.Column, value.Term)) : Operand(value.Number, currency));
        }
        var changed = constraint with { Op = Operator.In, Value = null, Values = values, Unit = null };
        return Offer("add_values", changed, "also " + string.Join(", ", values.Skip(given.Count).Select(Show)), added.Count / (added.Count + 1.0));
    }

    private void RemoveValues()
    {
        var values = constraint.Values!;
        if (values.Count is < 2 or > LongestAll)
        {
            return;
        }
        for (var removed = 1; removed < values.Count; removed++)
        {
            (uint Kept, long Count) best = default;
            for (var kept = 0u; kept < 1u << values.Count && counter.HasWorkLeft; kept++)
            {
                if (System.Numerics.BitOperations.PopCount(kept) == values.Count - removed
                    && counter.Count(whole(SearchBinder.BindOne(search, Keep(values, kept)))) is >= Target and var count && count > best.Count)
                {
                    best = (kept, count);
                }
            }
            if (best.Count > 0)
            {
                Offer("remove_values", Keep(values, best.Kept), "without " + string.Join(", ", values.Where((_, i) => (best.Kept & (1u << i)) == 0).Select(Show)), (double)removed / values.Count);
                return;
            }
        }
    }

    private Constraint Keep(IReadOnlyList<ConstraintValue> values, uint kept) =>
        constraint with { Values = [.. values.Where((_, i) => (kept & (1u << i)) != 0)] };

    private void Enlarge(Filter candidates)
    {
        var circle = constraint.Value!.Value.Circle!;
        var unit = circle.Unit ?? constraint.Unit ?? "km";
        var filter = (Within)SearchBinder.BindOne(search, constraint);
        // The five nearest, farthest first.
        var nearest = new PriorityQueue<double, double>();
        counter.Visit(new AllOf([candidates, new Exists(_attribute!.Column)]), document =>
        {
            if (_snapshot.TryGetGeo(document, _attribute.Column, out var latitude, out var longitude))
            {
                var metres = GreatCircle.Metres(circle.Lat, circle.Lon, latitude, longitude);
                nearest.Enqueue(metres, -metres);
                if (nearest.Count > Target)
                {
                    nearest.Dequeue();
                }
            }
        });
        if (nearest.Count < Target)
        {
            return;
        }
        // Rounded up to the sixth decimal: a fifth product that lies on the border must not fall out by rounding.
        var radius = Math.Ceiling(nearest.Peek() / filter.RadiusMetres * circle.Radius * 1e6) / 1e6;
        for (var attempt = 0; attempt < 3; attempt++, radius += 1e-6)
        {
            var enlarged = circle with { Radius = (double)Math.Round((decimal)radius, 6), Unit = unit };
            var changed = constraint with { Value = ConstraintValue.Of(enlarged), Unit = null };
            if (Offer("radius", changed, string.Create(CultureInfo.InvariantCulture, $"within {enlarged.Radius} {unit}"), 1 - (circle.Radius / enlarged.Radius)))
            {
                return;
            }
        }
    }

    private bool Offer(string kind, Constraint changed, string words, double size)
    {
        if (counter.Count(whole(SearchBinder.BindOne(search, changed))) is not (>= Target and var count))
        {
            return false;
        }
        relaxations.Add(new Relaxation { Kind = kind, Pointer = pointer, Change = words, Constraint = changed, Size = Math.Round(size, 6), Count = count });
        return true;
    }

    private bool Has(Operator op) => _attribute!.Attribute.Operators.Contains(op);

    /// <summary>The unit that changed bounds are told in: the attribute's own.</summary>
    private string? UnitOf() => _attribute!.Unit?.Code;

    private ConstraintValue Operand(double number, string? currency) => _attribute!.Type switch
    {
        AttributeType.Money => ConstraintValue.Money((decimal)number, currency!),
        AttributeType.Date => ConstraintValue.Of(OperandReader.FormatDate(number)),
        AttributeType.Gtin => ConstraintValue.Of(FormatGtin((long)number)),
        AttributeType.Boolean => ConstraintValue.Of(number != 0),
        _ => ConstraintValue.Of((decimal)number),
    };

    private string FormatGtin(long number)
    {
        var output = new SearchOutput();
        ValueWriter.Write(output, _attribute!, number, null);
        return System.Text.Encoding.ASCII.GetString(output.Written).Trim('"');
    }

    private string Show(ConstraintValue value) => value.Kind switch
    {
        ConstraintValueKind.Text => value.Text!,
        ConstraintValueKind.Money => string.Create(CultureInfo.InvariantCulture, $"{value.Number} {value.Text} (minor units)"),
        ConstraintValueKind.Measure => string.Create(CultureInfo.InvariantCulture, $"{value.Number} {value.Text}"),
        ConstraintValueKind.Number => string.Create(CultureInfo.InvariantCulture, $"{value.Number} {_attribute!.Unit?.Code}").TrimEnd(),
        _ => value.Kind == ConstraintValueKind.True ? "true" : "false",
    };
}
