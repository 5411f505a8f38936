namespace CustobotGateway.BotDetection.Trust;

/// <summary>What trust in an operator is made of.</summary>
public enum TrustComponent
{
    /// <summary>Orders that were paid.</summary>
    CompletedOrders,

    /// <summary>Negotiations that came to an agreement.</summary>
    Agreements,

    /// <summary>Purchases that the person's mandate did not cover.</summary>
    LimitBreaches,

    /// <summary>Budget that was held for an order and given back, or left to expire.</summary>
    AbandonedHolds,

    /// <summary>What was paid for and came back.</summary>
    Returns,

    /// <summary>Negotiations that went on to the last round and came to nothing.</summary>
    Probing,
}

/// <summary>How much the components count, and what they come to.</summary>
internal static class TrustMath
{
    /// <summary>The components' weights in log-odds, for each doubling of what is counted.</summary>
    public static double WeightOf(TrustComponent component) => component switch
    {
        TrustComponent.CompletedOrders => 0.6,
        TrustComponent.Agreements => 0.2,
        TrustComponent.LimitBreaches => -0.5,
        TrustComponent.AbandonedHolds => -0.4,
        TrustComponent.Returns => -0.4,
        _ => -0.5,
    };

    /// <summary>What a component adds to the log-odds: the second order says less than the first.</summary>
    public static double AddedBy(TrustComponent component, double amount) => WeightOf(component) * Math.Log2(1 + amount);

    /// <summary>What is left of an amount after that time.</summary>
    public static double Decayed(double amount, TimeSpan age, double halfLifeDays) => amount * Math.Pow(0.5, Math.Max(0, age.TotalDays) / halfLifeDays);

    /// <summary>The trust, 0 to 100, 50 where nothing is known.</summary>
    public static int ScoreOf(double logOdds) => (int)Math.Round(100 / (1 + Math.Exp(-logOdds)), MidpointRounding.AwayFromZero);

    /// <summary>What a component means, for whoever it is about.</summary>
    public static (string Text, string Raises) Words(TrustComponent component) => component switch
    {
        TrustComponent.CompletedOrders => ("Orders that were paid.", "Complete orders: each adds, the first ones most."),
        TrustComponent.Agreements => ("Negotiations that came to an agreement.", "Bargain about what you mean to buy."),
        TrustComponent.LimitBreaches => ("Purchases that the person's mandate did not cover.", "Ask what is left of the mandate before you buy (GET /v1/grants/{id}/remaining)."),
        TrustComponent.AbandonedHolds => ("Budget that was held for an order and given back, or left to expire.", "Complete a checkout only when you can pay, and pay in time."),
        TrustComponent.Returns => ("What was paid for and came back.", "Check the product against what was asked before you order; explain tells what is not met."),
        _ => ("Negotiations that went on to the last round and came to nothing.", "Do not open negotiations only to learn the lowest price."),
    };
}
