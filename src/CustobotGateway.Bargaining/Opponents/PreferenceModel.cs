using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Opponents;

/// <summary>
/// Estimates the buyer's surplus from the order that its acts tell: what it offers it likes better than what it left on the table. Where money is known, it begins with a buyer of
/// ordinary taste (each unit up to what it asks for is worth the list price, further ones half, money later is worth a little) and learns the terms besides the price only;
/// elsewhere it begins with a liking for low prices.
/// </summary>
public sealed class PreferenceModel : OpponentModel
{
    private const double FurtherUnits = 0.55;
    private const double CreditPerYear = 0.11;
    private const double DeliveryShare = 0.04, WarrantyShare = 0.06, PriceShare = 0.45;
    private const double Learning = 0.16, Margin = 0.02, Liking = 0.35;
    private const int Passes = 2, LookBack = 4;

    private readonly SellerSpace _space;
    private readonly bool _knowsMoney;
    private readonly double _unitValue;
    private readonly double[][] _tables;
    private readonly double[] _quantityWeights = [];
    private readonly double[] _prices = [], _quantities = [], _credits = [];
    private double _needed = double.PositiveInfinity;

    /// <summary>Begins with what is usual.</summary>
    public PreferenceModel(SellerSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        _space = space;
        _knowsMoney = space.IsByProfit && space.UnitPriceIssue >= 0;
        var issues = space.Outcomes.Issues;
        _tables = [.. issues.Select(issue => new double[issue.Values.Count])];
        if (_knowsMoney)
        {
            _unitValue = space.Scenario.Policy.ListPrice ?? issues[space.UnitPriceIssue].Values.Max(value => value.Number ?? 0);
            var quantities = space.QuantityIssue >= 0 ? issues[space.QuantityIssue].Values : null;
            Scale = Math.Max(1, _unitValue * (quantities?[quantities.Count / 2].Number ?? 1));
            _quantityWeights = quantities is null ? [] : new double[quantities.Count];
            _prices = Numbers(space.UnitPriceIssue, number => number);
            _quantities = Numbers(space.QuantityIssue, number => number);
            _credits = Numbers(space.PaymentDaysIssue, number => 1 - (CreditPerYear * number / 365));
            Slope(space.Outcomes.IssueNamed("delivery_days"), -DeliveryShare * Scale);
            Slope(space.Outcomes.IssueNamed("warranty_months"), WarrantyShare * Scale);
        }
        else
        {
            Scale = 1;
            Slope(space.UnitPriceIssue, -PriceShare);
        }
    }

    /// <inheritdoc/>
    public override double Scale { get; }

    /// <inheritdoc/>
    public override double Value(int outcome)
    {
        var values = _space.Outcomes.ValuesOf(outcome);
        var value = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            value += _tables[i][values[i]];
        }
        if (_knowsMoney)
        {
            var quantity = _quantities.Length == 0 ? 1 : _quantities[values[_space.QuantityIssue]];
            var credit = _credits.Length == 0 ? 1 : _credits[values[_space.PaymentDaysIssue]];
            var needed = Math.Min(quantity, _needed);
            value += (_unitValue * (needed + (FurtherUnits * (quantity - needed)))) - (_prices[values[_space.UnitPriceIssue]] * quantity * credit);
        }
        return value;
    }

    /// <inheritdoc/>
    public override void Observe(Course course)
    {
        ArgumentNullException.ThrowIfNull(course);
        var (offer, count) = (course.Buyer[^1].Outcome, course.Buyer.Count);
        AskFor(offer, count);
        var step = Learning * Scale / _tables.Length;
        for (var pass = 0; pass < Passes; pass++)
        {
            for (var i = Math.Max(0, course.Own.Count - LookBack); i < course.Own.Count; i++)
            {
                Prefer(offer, course.Own[i], Margin * Scale, step / 2);
            }
            Prefer(course.Buyer[0].Outcome, offer, 0, step / 4);
        }
        var values = _space.Outcomes.ValuesOf(offer);
        for (var i = 0; i < values.Length; i++)
        {
            if (i != _space.UnitPriceIssue)
            {
                _tables[i][values[i]] += Liking * step / Math.Sqrt(count);
            }
        }
    }

    /// <summary>Earlier wishes weigh more: later ones are concessions.</summary>
    private void AskFor(int offer, int count)
    {
        if (_quantityWeights.Length == 0)
        {
            return;
        }
        _quantityWeights[_space.Outcomes.ValuesOf(offer)[_space.QuantityIssue]] += 1 / (1 + (0.1 * (count - 1)));
        var most = 0;
        for (var i = 1; i < _quantityWeights.Length; i++)
        {
            most = _quantityWeights[i] > _quantityWeights[most] ? i : most;
        }
        _needed = _space.Outcomes.Issues[_space.QuantityIssue].Values[most].Number ?? 1;
    }

    /// <summary>Where the model does not see that the one outcome is liked better than the other, moves the values in which they differ.</summary>
    private void Prefer(int better, int worse, double margin, double step)
    {
        if (Value(better) - Value(worse) >= margin)
        {
            return;
        }
        var liked = _space.Outcomes.ValuesOf(better);
        var left = _space.Outcomes.ValuesOf(worse);
        var differing = 0;
        for (var i = 0; i < liked.Length; i++)
        {
            differing += Differs(i, liked, left) ? 1 : 0;
        }
        for (var i = 0; i < liked.Length; i++)
        {
            if (Differs(i, liked, left))
            {
                _tables[i][liked[i]] += step / differing;
                _tables[i][left[i]] -= step / differing;
            }
        }
    }

    private bool Differs(int issue, ReadOnlySpan<ushort> one, ReadOnlySpan<ushort> other) => one[issue] != other[issue] && !(_knowsMoney && issue == _space.UnitPriceIssue);

    private double[] Numbers(int issue, Func<double, double> from) => issue < 0 ? [] : [.. _space.Outcomes.Issues[issue].Values.Select(value => from(value.Number ?? 0))];

    private void Slope(int issue, double rise)
    {
        if (issue < 0)
        {
            return;
        }
        var values = _space.Outcomes.Issues[issue].Values;
        for (var i = 0; i < values.Count; i++)
        {
            var place = values.Count > 1 ? (double)i / (values.Count - 1) : 0;
            _tables[issue][i] = rise >= 0 ? rise * place : -rise * (1 - place);
        }
    }
}
