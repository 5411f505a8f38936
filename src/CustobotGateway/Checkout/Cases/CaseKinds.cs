using System.Text;
using CustobotGateway.Checkout.Orders;

namespace CustobotGateway.Checkout.Cases;

/// <summary>What a case is about.</summary>
public enum CaseKind
{
    /// <summary>When it comes.</summary>
    WhereIsMyOrder,

    /// <summary>It should have come and did not.</summary>
    NotDelivered,

    /// <summary>It came damaged.</summary>
    Damaged,

    /// <summary>Something else came, or not all.</summary>
    WrongItem,

    /// <summary>Money that should have come back.</summary>
    RefundMissing,

    /// <summary>A document for the books.</summary>
    Invoice,

    /// <summary>It stopped working.</summary>
    Warranty,

    /// <summary>It is not wanted any more.</summary>
    Cancel,

    /// <summary>It is to go back.</summary>
    Return,

    /// <summary>None of these.</summary>
    Other,
}

/// <summary>What the words of a case came to.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Matched">The words that spoke for it; none for <see cref="CaseKind.Other"/>.</param>
internal sealed record Classified(CaseKind Kind, IReadOnlyList<string> Matched);

/// <summary>
/// Tells what a case is about by the words in its subject and text: each phrase that is found speaks for its kind, in the subject twice, longer phrases more than short ones;
/// the kind with most is it, of several the one that stands first in the table. Text only ever leads to a kind: nothing in it is followed.
/// </summary>
internal static class CaseKinds
{
    private static readonly (CaseKind Kind, string[] Phrases)[] Table =
    [
        (CaseKind.Damaged, ["damaged", "damage", "broken", "cracked", "shattered", "scratched", "dented", "smashed", "arrived broken", "in pieces", "leaking", "torn"]),
        (CaseKind.WrongItem, ["wrong item", "wrong product", "wrong colour", "wrong color", "wrong size", "wrong model", "not what i ordered", "not what we ordered", "something else", "different item", "different product", "missing item", "item missing", "incomplete", "parts missing", "mixed up"]),
        (CaseKind.NotDelivered, ["not delivered", "never arrived", "did not arrive", "didn t arrive", "has not arrived", "hasn t arrived", "not arrived", "never received", "not received", "did not receive", "didn t receive", "lost", "marked as delivered", "says delivered", "stolen"]),
        (CaseKind.RefundMissing, ["refund missing", "no refund", "where is my refund", "refund not received", "not refunded", "not been refunded", "money back", "waiting for refund", "waiting for my refund", "refund", "charged twice", "double charged", "overcharged"]),
        (CaseKind.Cancel, ["cancel", "cancellation", "cancel order", "cancel my order", "ordered by mistake", "stop the order", "do not ship", "don t ship"]),
        (CaseKind.Warranty, ["warranty", "guarantee", "stopped working", "does not work", "doesn t work", "not working", "defective", "defect", "faulty", "malfunction", "repair", "dead on arrival"]),
        (CaseKind.Return, ["return", "send back", "send it back", "returning", "does not fit", "doesn t fit", "too small", "too big"]),
        (CaseKind.Invoice, ["invoice", "receipt", "bill", "vat", "tax document", "proof of purchase", "accounting"]),
        (CaseKind.WhereIsMyOrder, ["where is my order", "where is my package", "where is my parcel", "where is it", "tracking", "track", "delivery date", "when will", "when does", "delayed", "late", "still waiting", "status of my order", "order status", "shipping status", "shipped yet", "eta"]),
    ];

    /// <summary>The kind that the words tell.</summary>
    public static Classified Of(string subject, string text)
    {
        var (inSubject, inText) = (Plain(subject), Plain(text));
        var best = new Classified(CaseKind.Other, []);
        var most = 0;
        foreach (var (kind, phrases) in Table)
        {
            var score = 0;
            var matched = new List<string>();
            foreach (var phrase in phrases)
            {
                var words = phrase.Count(letter => letter == ' ') + 1;
                var found = (Has(inSubject, phrase) ? 2 * words : 0) + (Has(inText, phrase) ? words : 0);
                if (found > 0)
                {
                    score += found;
                    matched.Add(phrase);
                }
            }
            if (score > most)
            {
                (best, most) = (new Classified(kind, matched), score);
            }
        }
        return best;
    }

    /// <summary>What is done about a kind, in a sentence for the agent.</summary>
    public static string Explain(Classified classified) => classified.Matched.Count == 0
        ? "None of the words that are known led to a kind."
        : $"Taken for {Wire.Of(classified.Kind)} by: {string.Join(", ", classified.Matched)}.";

    private static bool Has(string plain, string phrase) => plain.Contains($" {phrase} ", StringComparison.Ordinal);

    // Lower case words between single spaces, so that a phrase is found as whole words.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length + 2).Append(' ');
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter))
            {
                plain.Append(char.ToLowerInvariant(letter));
            }
            else if (plain[^1] != ' ')
            {
                plain.Append(' ');
            }
        }
        return (plain[^1] == ' ' ? plain : plain.Append(' ')).ToString();
    }
}
