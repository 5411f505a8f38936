namespace CustobotGateway.Checkout.Payments;

/// <summary>How payments are made, whoever the provider is.</summary>
public sealed record PaymentOptions
{
    /// <summary>Seconds for which a provider is waited for; default 10, 1 to 120. Its answer is asked for again later.</summary>
    public int ProviderSeconds { get; init; } = 10;

    /// <summary>Seconds for which a gateway that is paying keeps others from the payment; default 20, more than <see cref="ProviderSeconds"/>, up to 600. A gateway that dies is replaced then.</summary>
    public int LeaseSeconds { get; init; } = 20;

    /// <summary>Minutes for which goods are held for a payment that is under way; default 15, 1 to 1,440.</summary>
    public int StockHoldMinutes { get; init; } = 15;

    /// <summary>Minutes for which a person may take to do what the provider asks; default 15, 1 to 1,440.</summary>
    public int ActionMinutes { get; init; } = 15;

    /// <summary>The sandbox provider.</summary>
    public SandboxOptions Sandbox { get; init; } = new();

    /// <summary>Stripe.</summary>
    public StripeOptions Stripe { get; init; } = new();

    /// <summary>Invoice on account.</summary>
    public InvoiceOptions Invoice { get; init; } = new();

    internal TimeSpan ProviderTime => TimeSpan.FromSeconds(ProviderSeconds);

    internal TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    internal TimeSpan StockHold => TimeSpan.FromMinutes(StockHoldMinutes);

    internal TimeSpan ActionTime => TimeSpan.FromMinutes(ActionMinutes);

    /// <summary>Throws where a value is out of its range.</summary>
    public PaymentOptions Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ProviderSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ProviderSeconds, 120);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LeaseSeconds, ProviderSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LeaseSeconds, 600);
        ArgumentOutOfRangeException.ThrowIfLessThan(StockHoldMinutes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StockHoldMinutes, 1_440);
        ArgumentOutOfRangeException.ThrowIfLessThan(ActionMinutes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ActionMinutes, 1_440);
        return this;
    }
}
