namespace CustobotGateway.Checkout;

/// <summary>The merchant's settings for checkout.</summary>
public sealed record CheckoutOptions
{
    /// <summary>How long a session holds the prices that it shows. It holds no stock.</summary>
    public TimeSpan SessionValidity { get; init; } = TimeSpan.FromMinutes(15);
}
