namespace CustobotGateway.Identity.People;

/// <summary>Holds letters that strangers cause to a number: for one address of mail, whoever asks, and for one address of the network.</summary>
internal static class MailTries
{
    /// <summary>Counts one; the time to wait if that was one too many.</summary>
    public static async Task<TimeSpan?> CountAsync(Attempts attempts, PeopleOptions options, string email, string address, CancellationToken cancellationToken) =>
        // The network's first, as with passwords: who has used it up makes no more rows.
        await attempts.CountAsync([new($"mail-from\n{address}", options.LettersPerAddress)], cancellationToken)
        ?? await attempts.CountAsync([new($"mail-to\n{Person.KeyOf(email)}", options.LettersPerAccount)], cancellationToken);
}
