using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>How a conversation was held.</summary>
public enum ChatChannel
{
    /// <summary>Typed on the shop's own pages.</summary>
    Chat,

    /// <summary>Spoken; the text is a transcript, whose capitals and punctuation are the transcriber's.</summary>
    Phone,

    /// <summary>Typed in a social network.</summary>
    Social,
}

/// <summary>One message.</summary>
/// <param name="IsCustomer">Whether the customer wrote it; only those are judged.</param>
/// <param name="Text">The text.</param>
/// <param name="At">When it was sent, if known.</param>
public readonly record struct ChatMessage(bool IsCustomer, string Text, DateTimeOffset? At = null);

/// <summary>How likely it is that a language model writes for the customer, and why.</summary>
/// <param name="Score">The chance in hundredths; null where there is not enough text.</param>
/// <param name="Reasons">The contributions that matter, the largest first.</param>
/// <param name="LogOdds">The sum of all contributions.</param>
public sealed record ChatScore(int? Score, IReadOnlyList<CallerReason> Reasons, double LogOdds)
{
    /// <summary>A conversation that is too short to be judged.</summary>
    public static readonly ChatScore NotEnoughText = new(null, [], 0);

    /// <summary>The status as it is written on the wire.</summary>
    public string Status => Score is null ? "not_enough_text" : "scored";
}
