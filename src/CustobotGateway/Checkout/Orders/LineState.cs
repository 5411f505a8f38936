namespace CustobotGateway.Checkout.Orders;

/// <summary>Where a line stands: sums over what was done to it. What may still be done to it is decided here, by whoever holds the order's row.</summary>
/// <param name="Original">Ordered.</param>
/// <param name="Shipped">Shipped and not recalled.</param>
/// <param name="Delivered">Arrived.</param>
/// <param name="Canceled">Canceled.</param>
/// <param name="Returned">Returned and taken back.</param>
/// <param name="Refunded">Refunded by the piece, or being refunded.</param>
internal readonly record struct LineState(int Original, int Shipped, int Delivered, int Canceled, int Returned, int Refunded)
{
    /// <summary>Neither shipped nor canceled.</summary>
    public int Open => Original - Canceled - Shipped;

    /// <summary>Paid for and not yet given back by the piece.</summary>
    public int Refundable => Original - Refunded;

    public LineQuantities Quantities => new(Original, Original - Canceled - Returned, Shipped - Returned, Delivered, Canceled, Returned);

    /// <summary>The state after an act.</summary>
    public LineState With(string act, int quantity) => act switch
    {
        "shipped" => this with { Shipped = Shipped + quantity },
        "recalled" => this with { Shipped = Shipped - quantity },
        "delivered" => this with { Delivered = Delivered + quantity },
        "canceled" => this with { Canceled = Canceled + quantity },
        "returned" => this with { Returned = Returned + quantity },
        "refunded" => this with { Refunded = Refunded + quantity },
        "refund_failed" => this with { Refunded = Refunded - quantity },
        _ => this,
    };

    /// <summary>The word for quantities of one line, or summed over all.</summary>
    public static FulfillmentStatus StatusOf(int total, int fulfilled) =>
        total == 0 ? FulfillmentStatus.Removed
        : fulfilled == total ? FulfillmentStatus.Fulfilled
        : fulfilled > 0 ? FulfillmentStatus.Partial
        : FulfillmentStatus.Processing;
}
