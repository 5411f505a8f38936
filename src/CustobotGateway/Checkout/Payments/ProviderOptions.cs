namespace CustobotGateway.Checkout.Payments;

/// <summary>The sandbox provider: section <c>Checkout:Payments:Sandbox</c> of the configuration. It moves no money.</summary>
public sealed record SandboxOptions
{
    /// <summary>Whether it takes payments. Default true. In production it takes those of test credentials alone.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether it takes payments of live credentials, too. Default true; in production it never does.</summary>
    public bool Live { get; init; } = true;

    /// <summary>Where the sandbox runs as a process of its own (<c>gateway payment-provider</c>): <c>http://127.0.0.1:8091</c>. Empty, the default: in the gateway.</summary>
    public string Url { get; init; } = "";

    /// <summary>Milliseconds after which the gateway waits no longer for an answer. Default 10,000; 10 to 120,000.</summary>
    public int TimeoutMilliseconds { get; init; } = 10_000;

    /// <summary>Milliseconds that <c>tok_slow</c> takes. Default 2,000; 0 to 120,000.</summary>
    public int SlowMilliseconds { get; init; } = 2_000;

    /// <summary>Milliseconds after which a payment by <c>tok_webhook_later</c> is authorised. Default 2,000; 0 to 3,600,000.</summary>
    public int LaterMilliseconds { get; init; } = 2_000;

    /// <summary>Throws where a value is out of its range.</summary>
    public SandboxOptions Check()
    {
        Range(TimeoutMilliseconds, 10, 120_000, nameof(TimeoutMilliseconds));
        Range(SlowMilliseconds, 0, 120_000, nameof(SlowMilliseconds));
        Range(LaterMilliseconds, 0, 3_600_000, nameof(LaterMilliseconds));
        if (Url.Length > 0 && !(Uri.TryCreate(Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            throw new ArgumentException("Checkout:Payments:Sandbox: Url is an http or https address, or empty.");
        }
        return this;
    }

    internal static void Range(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, $"Checkout:Payments: {name} lies between {least} and {most}.");
        }
    }
}

/// <summary>
/// Stripe: section <c>Checkout:Payments:Stripe</c> of the configuration. It is on once there is a key, set by the API or, in no settings file, by <c>STRIPE_SECRET_KEY</c> and
/// <c>STRIPE_WEBHOOK_SECRET</c> in the environment.
/// </summary>
public sealed record StripeOptions
{
    /// <summary>Stripe's API. Another address is for tests: it is taken on the own machine alone.</summary>
    public const string Api = "https://api.stripe.com";

    /// <summary>Where the API is. Default <c>https://api.stripe.com</c>; another has to be a loopback address.</summary>
    public string Url { get; init; } = Api;

    /// <summary>Milliseconds after which the gateway waits no longer for an answer. Default 20,000; 100 to 120,000.</summary>
    public int TimeoutMilliseconds { get; init; } = 20_000;

    /// <summary>Milliseconds before a call that Stripe could not do just now is repeated; twice as many before the next. Default 250; 0 to 10,000.</summary>
    public int RetryMilliseconds { get; init; } = 250;

    /// <summary>
    /// Whether the person is taken to be away: a bank that wants to see them then refuses with <c>authentication_required</c>. Default false: the person is sent to
    /// the bank's page, and the payment waits.
    /// </summary>
    public bool OffSession { get; init; }

    /// <summary>Throws where a value is out of its range.</summary>
    public StripeOptions Check()
    {
        SandboxOptions.Range(TimeoutMilliseconds, 100, 120_000, nameof(TimeoutMilliseconds));
        SandboxOptions.Range(RetryMilliseconds, 0, 10_000, nameof(RetryMilliseconds));
        if (Url != Api && !(Uri.TryCreate(Url, UriKind.Absolute, out var url) && url.IsLoopback && url.Scheme is "http" or "https"))
        {
            throw new ArgumentException("Checkout:Payments:Stripe: Url is https://api.stripe.com, or for tests an address of this machine.");
        }
        return this;
    }
}

/// <summary>Invoice on account: section <c>Checkout:Payments:Invoice</c> of the configuration. Only accounts with a credit limit can use it.</summary>
public sealed record InvoiceOptions
{
    /// <summary>Whether it takes payments. Default true: whoever has no credit account is declined.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What invoice numbers begin with: 1 to 16 letters, digits and hyphens. Default <c>INV</c>.</summary>
    public string NumberPrefix { get; init; } = "INV";

    /// <summary>Throws where a value is out of its range.</summary>
    public InvoiceOptions Check() =>
        NumberPrefix.Length is >= 1 and <= 16 && NumberPrefix.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') ? this
            : throw new ArgumentException("Checkout:Payments:Invoice: NumberPrefix is 1 to 16 letters, digits and hyphens.");
}
