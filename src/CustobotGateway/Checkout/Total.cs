namespace CustobotGateway.Checkout;

/// <summary>Which sum a total is.</summary>
public enum TotalType
{
    /// <summary>All lines at their list prices.</summary>
    Subtotal,

    /// <summary>What volume prices, agreed prices and discounts on single products take off; negative.</summary>
    ItemsDiscount,

    /// <summary>What discounts on the whole order or on its shipping take off; negative.</summary>
    Discount,

    /// <summary>Shipping or pickup.</summary>
    Fulfillment,

    /// <summary>Tax that is added to the prices. Tax that the prices contain is no summand: it is among the <c>lines</c> of <c>total</c>.</summary>
    Tax,

    /// <summary>Any other charge.</summary>
    Fee,

    /// <summary>What is charged.</summary>
    Total,
}

/// <summary>One of the sums; they are added, discounts being negative, to the total.</summary>
/// <param name="Type">Which sum.</param>
/// <param name="Amount">Whole minor units.</param>
public sealed record Total(TotalType Type, long Amount)
{
    /// <summary>What people are shown beside the amount; null where the type says it.</summary>
    public string? DisplayText { get; init; }

    /// <summary>What the amount is made of; they add up to it. Null where it is one thing.</summary>
    public IReadOnlyList<TotalPart>? Lines { get; init; }
}

/// <summary>A part of a total.</summary>
/// <param name="DisplayText">What it is, in words.</param>
/// <param name="Amount">Whole minor units.</param>
public sealed record TotalPart(string DisplayText, long Amount);

/// <summary>Tax of one rate.</summary>
/// <param name="Title">Its name: <c>VAT</c>.</param>
/// <param name="Percent">The rate: 19 is 19 %.</param>
/// <param name="Amount">Whole minor units.</param>
/// <param name="Included">Whether the prices contain it; else it is added to them.</param>
public sealed record TaxPart(string Title, decimal Percent, long Amount, bool Included);
