namespace CustobotGateway.Bargaining.Domain;

/// <summary>Who acts first in each round.</summary>
public enum Party
{
    /// <summary>The buyer.</summary>
    Buyer,

    /// <summary>The seller.</summary>
    Seller,
}

/// <summary>Alternating offers: in each round the party that opens acts, then the other.</summary>
/// <param name="Rounds">After so many without acceptance there is no agreement.</param>
/// <param name="Opens">Who acts first in each round.</param>
public sealed record Protocol(int Rounds, Party Opens)
{
    /// <summary>The most rounds.</summary>
    public const int MaxRounds = 1_000;

    /// <summary>The last round whose offer by the seller the buyer can still take.</summary>
    public int LastOwnOffer => Opens == Party.Seller ? Rounds - 1 : Rounds - 2;
}

/// <summary>What the seller knows of a negotiation before it begins.</summary>
public sealed record Scenario
{
    /// <summary>The scenario's name.</summary>
    public required string Id { get; init; }

    /// <summary>What is bargained over, for people.</summary>
    public string Title { get; init; } = "";

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>The negotiable terms.</summary>
    public required IReadOnlyList<Issue> Issues { get; init; }

    /// <summary>Rounds and order.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>What outcomes are worth to the seller.</summary>
    public required SellerUtility Utility { get; init; }

    /// <summary>The utility of no agreement.</summary>
    public required double Reservation { get; init; }

    /// <summary>A deal in the last round is worth utility × this, in earlier rounds correspondingly more; 1 where time costs nothing.</summary>
    public double Discount { get; init; } = 1;

    /// <summary>The merchant's limits.</summary>
    public Policy Policy { get; init; } = new();
}
