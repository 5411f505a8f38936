namespace CustobotGateway.Bargaining.Domain;

/// <summary>Holds an outcome against the policy, limit by limit, in exact arithmetic.</summary>
internal sealed class PolicyLimits
{
    private readonly SellerSpace _space;
    private readonly Policy _policy;
    private readonly int[][] _forbidden;

    public PolicyLimits(SellerSpace space)
    {
        (_space, _policy) = (space, space.Scenario.Policy);
        _forbidden = [.. _policy.Forbidden.Select(PlacesOf).OfType<int[]>()];
    }

    public Refusal Of(int outcome)
    {
        if (_space.UnitPriceIssue >= 0)
        {
            var price = _space.Number(outcome, _space.UnitPriceIssue, 0);
            if (price < _policy.MinUnitPrice)
            {
                return Refusal.BelowFloor;
            }
            if (_policy.ListPrice is { } list && _policy.MaxDiscountPercent is { } discount && price * 100m < list * (100m - discount))
            {
                return Refusal.DiscountTooLarge;
            }
            if (_policy.MinMarginPercent is { } margin && _space.IsByProfit && _space.Profit(outcome) * 100m < margin * ((decimal)price * _space.Number(outcome, _space.QuantityIssue, 1)))
            {
                return Refusal.MarginTooSmall;
            }
        }
        if (_space.Number(outcome, _space.QuantityIssue, 1) > _policy.Available)
        {
            return Refusal.OutOfStock;
        }
        if (Array.Exists(_forbidden, entry => Matches(outcome, entry)))
        {
            return Refusal.ForbiddenCombination;
        }
        // Both ways of telling the reservation, because the utility is rounded and the profit is not. Not "<": a NaN is refused as well.
        var isWorthIt = _space.Utility(outcome) >= _space.Reservation && (_space.Scenario.Utility is not ProfitUtility profit || _space.Profit(outcome) >= profit.LeastProfit);
        return isWorthIt ? Refusal.None : Refusal.BelowReservation;
    }

    private bool Matches(int outcome, int[] entry)
    {
        var values = _space.Outcomes.ValuesOf(outcome);
        for (var i = 0; i < entry.Length; i++)
        {
            if (entry[i] >= 0 && values[i] != entry[i])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The places of an entry's values, −1 where it says nothing; null where it names what no outcome has, so that it forbids nothing.</summary>
    private int[]? PlacesOf(IReadOnlyDictionary<string, string> entry)
    {
        var places = new int[_space.Outcomes.Issues.Count];
        Array.Fill(places, -1);
        foreach (var (name, value) in entry)
        {
            var issue = _space.Outcomes.IssueNamed(name);
            var place = issue < 0 ? -1 : _space.Outcomes.PlaceOf(issue, value);
            if (place < 0)
            {
                return null;
            }
            places[issue] = place;
        }
        return places;
    }
}
