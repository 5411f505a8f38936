using CustobotGateway.Common.Pages;
using CustobotGateway.Common.Preferences;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Clients;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>
/// The page of the device flow (RFC 8628 §3.3): a person types the code that a device shows, sees what it asks, and decides. A link with the code filled in
/// decides nothing. Codes are short, so looking them up is limited by address and by session (§5.1).
/// </summary>
internal sealed class DevicePages(
    NpgsqlDataSource database, ClientStore clients, ServerPolicySource policies, PersonSessions sessions, Attempts attempts, PeopleOptions options, IPreferenceRules rules, AuditTrail audit,
    TimeProvider clock)
{
    public async Task<IResult> ShowAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var typed = context.Request.Query["user_code"] is [{ Length: > 0 and <= 32 } one] ? one : null;
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            var code = SecretToken.ReadUserCode(typed);
            return PersonPages.ToLogin(context, PersonPages.DevicePath + (code is null ? "" : "?user_code=" + code));
        }
        return typed is null ? Ask(person) : await ShowCodeAsync(context, person, typed, cancellationToken);
    }

    public async Task<IResult> DecideAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return PersonPages.ToLogin(context, PersonPages.DevicePath);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return Ask(person, null, "The form was too old or came from another site. Please try again.", StatusCodes.Status400BadRequest);
        }
        var typed = form.Field("user_code");
        return form.Field("decision") is { } decision
            ? await DecideAsync(context, person, form, typed, decision, cancellationToken)
            : await ShowCodeAsync(context, person, typed, cancellationToken);
    }

    private async Task<IResult> ShowCodeAsync(HttpContext context, SignedInPerson person, string? typed, CancellationToken cancellationToken)
    {
        var (asked, device, refusal) = await LookUpAsync(context, person, typed, cancellationToken);
        return refusal ?? Decide(asked!, device!, person);
    }

    private async Task<IResult> DecideAsync(
        HttpContext context, SignedInPerson person, IFormCollection form, string? typed, string decision, CancellationToken cancellationToken)
    {
        var (asked, device, refusal) = await LookUpAsync(context, person, typed, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }
        if (decision is not ("allow" or "deny"))
        {
            return Decide(asked!, device!, person, form, new Dictionary<string, string> { [""] = "Choose to allow or to refuse." });
        }
        var edited = MandateEditor.Edit(asked!.Details, form, policies.Current.TypesFor(asked.Client), clock.GetUtcNow());
        var (terms, fault) = GrantTerms.Read(form, person, rules);
        if (decision == "allow" && (!edited.IsRight || fault is not null))
        {
            return Decide(asked, device!, person, form, edited.IsRight ? new Dictionary<string, string> { [""] = fault! } : edited.Faults, terms);
        }
        var allows = decision == "allow" && !asked.IsNothing;
        if (!await StoreAsync(device!, asked, edited, terms, allows, person, cancellationToken))
        {
            return Ask(person, typed, "That code was answered already, or its time is over.", StatusCodes.Status409Conflict);
        }
        audit.Add(context, new("device.decide", device!.ClientId, person.PersonId, allows ? null : "access_denied", new { scope = asked.Scopes.ToString() }));
        return allows
            ? Done("The device is connected", $"{asked.ClientName} can go on now. You can close this page.")
            : Done("You refused", $"{asked.ClientName} gets nothing. You can close this page.");
    }

    private async Task<bool> StoreAsync(DeviceGrant device, AskedOf asked, EditedMandates edited, GrantTerms terms, bool allows, SignedInPerson person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var grant = !allows ? null : await Grants.CreateAsync(transaction, new Grant
        {
            GrantId = "",
            ClientId = device.ClientId,
            Subject = person.PersonId,
            Scopes = asked.Scopes,
            Resources = asked.Resources,
            Details = edited.Details,
            AuthenticatedAt = person.AuthenticatedAt,
            AuthenticationContext = person.AuthenticationContext,
        }, person.PersonId, clock, cancellationToken, timeZone: terms.TimeZone);
        if (grant is not null && terms.Said is { } preferences)
        {
            await Delegation.SetPreferences.KeepAsync(transaction, grant.GrantId, person.PersonId, preferences, clock.GetUtcNow(), cancellationToken);
        }
        if ((allows && !await FindPerson.HoldAsync(transaction, person.PersonId, cancellationToken))
            || !await new DeviceRequests(connection, transaction, policies.Current).TryDecideAsync(device.Hash, grant, clock.GetUtcNow(), cancellationToken))
        {
            return false;
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<(AskedOf? Asked, DeviceGrant? Device, IResult? Refusal)> LookUpAsync(
        HttpContext context, SignedInPerson person, string? typed, CancellationToken cancellationToken)
    {
        if (SecretToken.ReadUserCode(typed) is not { } code)
        {
            return (null, null, Ask(person, typed, "A code has eight letters, such as WDJB-MJHT.", StatusCodes.Status422UnprocessableEntity));
        }
        var limit = options.TriesPerUserCode;
        AttemptLimit[] limits = [new("device-session\n" + person.SessionId, limit), new("device-person\n" + person.PersonId, limit), new("device-address\n" + Attempts.AddressOf(context), limit * 5)];
        if (await attempts.CountAsync(limits, cancellationToken) is { } wait)
        {
            audit.Add(context, new("device.look_up", null, person.PersonId, "too_many"));
            return (null, null, PersonPages.TooMany(context, wait, text => Ask(person, code, text, StatusCodes.Status429TooManyRequests)));
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await new DeviceRequests(connection, null, policies.Current).FindAskedAsync(code, clock.GetUtcNow(), cancellationToken) is not { } found
            || await clients.FindAsync(found.Device.ClientId, cancellationToken) is not { IsEnabled: true } client || !client.MayUse(GrantTypes.DeviceCode))
        {
            audit.Add(context, new("device.look_up", null, person.PersonId, "not_found"));
            return (null, null, Ask(person, code, "No device waits with that code. Look at it again; codes last a few minutes.", StatusCodes.Status404NotFound));
        }
        await attempts.ForgiveAsync(limits[0], limits[1..], cancellationToken);
        return (AskedOf.Of(client, found.Asked.Scopes, found.Asked.Resources, found.Asked.Details, person), found.Device, null);
    }

    private static RazorComponentResult<DevicePage> Ask(SignedInPerson person, string? typed = null, string? error = null, int status = StatusCodes.Status200OK) =>
        new(new { Person = person, UserCode = typed, Error = error }) { StatusCode = status };

    private static RazorComponentResult<ConsentPage> Decide(
        AskedOf asked, DeviceGrant device, SignedInPerson person, IFormCollection? form = null, IReadOnlyDictionary<string, string>? faults = null,
        GrantTerms? terms = null) =>
        new(new
        {
            What = (object)asked,
            Chosen = (object?)terms,
            Person = person,
            Action = PersonPages.DevicePath,
            device.UserCode,
            Typed = TypedFields.Texts(form),
            Ticked = TypedFields.Lists(form),
            Faults = faults ?? new Dictionary<string, string>(),
            Error = faults is null ? null : faults.GetValueOrDefault("") ?? "Please look at what is marked below.",
        })
        { StatusCode = faults is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };

    private static RazorComponentResult<MessagePage> Done(string title, string text) => new(new { Title = title, Text = (IReadOnlyList<string>)[text] });
}
