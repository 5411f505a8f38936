using System.Text.Json;

namespace CustobotGateway.Identity.People.Passkeys;

/// <summary>
/// Signs a person in with a passkey. Tries are counted by address together with those of passwords, and by passkey and address; not by account, since a passkey
/// cannot be guessed, and so that nobody locks its owner out by trying passwords. Whatever is wrong gets the same answer; the audit trail tells what it was.
/// </summary>
internal sealed class PasskeySignIn(
    PasskeyCeremonies ceremonies, PasskeyStates states, PersonSessions sessions, Attempts attempts, PeopleOptions options, AuditTrail audit)
{
    // 1,023 bytes in Base64url (WebAuthn §4, Credential ID).
    private const int LongestId = 1_364;

    /// <summary>How it ended.</summary>
    /// <param name="Person">Who is signed in now; null if it was refused.</param>
    /// <param name="RetryAfter">How long to wait where there were too many tries; null otherwise.</param>
    /// <param name="WasTooLate">Whether the question that was answered had expired or was answered before.</param>
    internal sealed record Result(SignedInPerson? Person, TimeSpan? RetryAfter = null, bool WasTooLate = false);

    /// <summary>What the browser is to ask the person, and what the page sends back with the answer.</summary>
    public async Task<(string Options, string State)> AskAsync(HttpContext context, string browser)
    {
        var (asked, state) = await ceremonies.AskForAnyAsync(context);
        return (asked, states.Seal(PasskeyPurpose.SignIn, browser, state));
    }

    /// <summary>Verifies the answer, opens a session, and writes down how it ended.</summary>
    public async Task<Result> RunAsync(HttpContext context, string browser, string? credential, string? state, CancellationToken cancellationToken)
    {
        var address = Attempts.AddressOf(context);
        var (from, both) = (AttemptLimit.LoginsFrom(address, options), new AttemptLimit($"passkey\n{IdOf(credential)}\n{address}", options.TriesPerAccountAndAddress));
        if (await attempts.CountAsync([from], cancellationToken) is { } tooMany)
        {
            return Refuse(context, new(null, tooMany), "too_many");
        }
        if (await attempts.CountAsync([both], cancellationToken) is { } wait)
        {
            return Refuse(context, new(null, wait), "too_many");
        }
        if (credential is null || await states.TakeAsync(PasskeyPurpose.SignIn, browser, state, cancellationToken) is not { } asked)
        {
            return Refuse(context, new(null, WasTooLate: true), "expired");
        }
        var verified = await ceremonies.VerifyAsync(context, credential, asked);
        if (!verified.Succeeded)
        {
            return Refuse(context, new(null), "wrong_passkey", PasskeyCeremonies.ReasonOf(verified.Failure));
        }
        // Another may have used, or the person removed, it in the meantime.
        if (await sessions.OpenAsync(context, verified.User, verified.Passkey, cancellationToken) is not { } person)
        {
            return Refuse(context, new(null), "wrong_passkey", "The passkey or the account is not there any more.");
        }
        await attempts.ForgiveAsync(both, [from], cancellationToken);
        audit.Add(context, new("login.passkey", null, person.PersonId, null));
        return new(person);
    }

    private Result Refuse(HttpContext context, Result result, string code, string? reason = null)
    {
        audit.Add(context, new("login.passkey", null, null, code, reason is null ? null : new { reason }));
        return result;
    }

    // Only to count by: what it is worth is verified later.
    private static string IdOf(string? credential)
    {
        try
        {
            using var document = JsonDocument.Parse(credential ?? "");
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id", out var id) && id is { ValueKind: JsonValueKind.String }
                && id.GetString() is { Length: <= LongestId } text ? text : "";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or text in it that is none, such as half a surrogate pair.
            return "";
        }
    }
}
