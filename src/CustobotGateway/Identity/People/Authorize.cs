using CustobotGateway.Common.Pages;
using CustobotGateway.Common.Preferences;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Clients;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>
/// The authorization endpoint (RFC 6749 §3.1). Until the client and the address of its answer are sure, errors are shown to the person; from then on every
/// answer goes to that address, with the state and the issuer.
/// </summary>
internal sealed class Authorize(
    NpgsqlDataSource database, ClientStore clients, ServerPolicySource policies, PersonSessions sessions, PendingConsents pending, RememberedConsents remembered,
    FreshLogin freshLogin, IPreferenceRules rules, AuditTrail audit, TimeProvider clock)
{
    public const string Path = "/oauth/authorize";
    public const string DecisionPath = "/oauth/consent";

    /// <summary>A request that passed every check, with where it came from.</summary>
    private sealed record Arrived(Client Client, AuthorizationRequest Request, PendingConsent Kept);

    /// <summary>Looks at the request and shows the login, the consent page, or an answer.</summary>
    public async Task<IResult> ShowAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await ReadAsync(context, cancellationToken) is not { } arrived)
        {
            return context.Features.Get<Answered>()!.Result;
        }
        var (client, request, kept) = arrived;
        var person = await sessions.FindAsync(context, cancellationToken);
        SecureHeaders.AllowFormTo(context, request.RedirectUri);
        if (person is null || NeedsLogin(request, person, context))
        {
            return request.Prompt.HasFlag(Prompts.None)
                ? Refuse(context, request, person, new(ErrorCodes.LoginRequired, "Nobody is signed in, or not recently enough."))
                : Login(context, client, request);
        }
        var asked = AskedOf.Of(client, request.Scopes, request.Resources, request.Details, person);
        if (asked.IsNothing)
        {
            return Refuse(context, request, person, new(ErrorCodes.AccessDenied, "The person has no right to give away what is asked."));
        }
        if (!request.Prompt.HasFlag(Prompts.Consent) && RememberedConsents.MayRemember(client, request) && asked.Withheld.IsEmpty
            && await remembered.CoversAsync(person.PersonId, request, cancellationToken))
        {
            return await AgreeAsync(context, client, request, kept, person, asked, request.Details, null, false, new(person.TimeZone, BuyingPreferences.None), cancellationToken);
        }
        if (request.Prompt.HasFlag(Prompts.None))
        {
            return Refuse(context, request, person, new(ErrorCodes.ConsentRequired, "The person has to be asked."));
        }
        var secret = await pending.AddAsync(kept, person.SessionId, cancellationToken);
        return Consent(asked, request, person, secret);
    }

    /// <summary>
    /// A request that comes as a form (OpenID Connect Core §3.1.2.1) is sent on as an address: a form of another site brings no session along, an address does.
    /// </summary>
    public static async Task<IResult> RepeatAsGetAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var query = new QueryBuilder();
        if (context.Request.HasFormContentType)
        {
            try
            {
                foreach (var (name, values) in await context.Request.ReadFormAsync(cancellationToken))
                {
                    query.Add(name, values.OfType<string>());
                }
            }
            catch (InvalidDataException)
            {
                // More fields than any request has: what was read of it so far is none.
            }
        }
        return PageForm.SeeOther(context, Path + query.ToQueryString());
    }

    /// <summary>Takes the person's decision.</summary>
    public async Task<IResult> DecideAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is not { } person)
        {
            return Message("You are not signed in any more", StatusCodes.Status401Unauthorized, "Go back to the application and start again.");
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form || form.Field("request") is not { } secret
            || await pending.FindAsync(secret, person.SessionId, cancellationToken) is not { } kept)
        {
            return TooLate();
        }
        // All of it once more: the client may have been disabled, or the request's time may be over, while the person was reading.
        if (await CheckAsync(context, kept, cancellationToken) is not { } arrived)
        {
            return context.Features.Get<Answered>()!.Result;
        }
        var (client, request, _) = arrived;
        SecureHeaders.AllowFormTo(context, request.RedirectUri);
        var asked = AskedOf.Of(client, request.Scopes, request.Resources, request.Details, person);
        switch (form.Field("decision"))
        {
            case "deny":
                return await DenyAsync(context, request, kept, person, secret, cancellationToken);
            case "allow" when !asked.IsNothing:
                var edited = MandateEditor.Edit(request.Details, form, policies.Current.TypesFor(client), clock.GetUtcNow());
                var (terms, fault) = GrantTerms.Read(form, person, rules);
                return edited.IsRight && fault is null
                    ? await AgreeAsync(context, client, request, kept, person, asked, edited.Details, secret,
                        form.Field("remember") == "yes" && RememberedConsents.MayRemember(client, request), terms, cancellationToken)
                    : Consent(asked, request, person, secret, form, edited.IsRight ? new Dictionary<string, string> { [""] = fault! } : edited.Faults, terms);
            default:
                return Consent(asked, request, person, secret, form, new Dictionary<string, string> { [""] = "Choose to allow or to refuse." });
        }
    }

    private bool NeedsLogin(AuthorizationRequest request, SignedInPerson person, HttpContext context)
    {
        var demands = (request.Prompt & (Prompts.Login | Prompts.SelectAccount)) != 0 || (request.MaxAge is { } age && clock.GetUtcNow() - person.AuthenticatedAt > age);
        return demands && !freshLogin.IsMet(context.Request.QueryString.Value ?? "", person.AuthenticatedAt);
    }

    private RazorComponentResult<LoginPage> Login(HttpContext context, Client client, AuthorizationRequest request)
    {
        var query = (context.Request.QueryString.Value ?? "").Replace("\\", "%5C", StringComparison.Ordinal);
        var isDemanded = (request.Prompt & (Prompts.Login | Prompts.SelectAccount)) != 0 || request.MaxAge is not null;
        var hint = Person.IsEmail(request.LoginHint) ? request.LoginHint : null;
        return PersonPages.Login(Path + (isDemanded ? freshLogin.Demand(WithoutDemand(query)) : query), client.Name ?? client.ClientId, request.RedirectUri, hint);
    }

    private static string WithoutDemand(string query) =>
        query.LastIndexOf($"&{FreshLogin.Parameter}=", StringComparison.Ordinal) is var at and >= 0 ? query[..at] : query;

    /// <summary>The request of the address; null if it was answered, which the feature then holds.</summary>
    private async Task<Arrived?> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!RequestParameters.Read(context.Request.Query.SelectMany(pair => pair.Value.Select(value => new KeyValuePair<string, string>(pair.Key, value ?? ""))))
                .TryGet(out var parameters, out var error)
            || !AuthorizationEntry.Read(parameters).TryGet(out var entry, out error))
        {
            return Show(context, null, error);
        }
        if (entry.Reference is null)
        {
            return await CheckAsync(context, new PendingConsent(parameters, null), cancellationToken);
        }
        // Of a pushed request only its reference and the client count; whatever else stands in the address is ignored (RFC 9126 §4).
        var hash = SecretHash.Of(entry.Reference);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await new PushedRequests(connection).FindAsync(hash, clock.GetUtcNow(), cancellationToken) is not { } pushed || pushed.ClientId != entry.ClientId
            || !RequestParameters.FromJson(pushed.Parameters).TryGet(out parameters, out _))
        {
            return Show(context, entry.ClientId, new(ErrorCodes.InvalidRequestUri, "The request_uri is unknown, was used, or has expired."));
        }
        return await CheckAsync(context, new PendingConsent(parameters, hash), cancellationToken);
    }

    private async Task<Arrived?> CheckAsync(HttpContext context, PendingConsent kept, CancellationToken cancellationToken)
    {
        var clientId = kept.Parameters["client_id"] ?? "";
        var client = await clients.FindAsync(clientId, cancellationToken);
        if (new AuthorizationRequestReader(policies.Current).TryRead(kept.Parameters, client, kept.Pushed is not null, clock.GetUtcNow(), out var request, out var refusal))
        {
            return new(client!, request, kept);
        }
        if (refusal.RedirectUri is not { } redirectUri)
        {
            return Show(context, clientId, refusal.Error);
        }
        audit.Add(context, new("authorize", clientId, null, refusal.Error.Code, new { reason = refusal.Error.Description }));
        SecureHeaders.AllowFormTo(context, redirectUri);
        return Answer(context, PageForm.SeeOther(context, AuthorizationResponse.Refused(redirectUri, refusal.Error, refusal.State, policies.Current.Issuer)));
    }

    private Arrived? Show(HttpContext context, string? clientId, OAuthError error)
    {
        audit.Add(context, new("authorize", clientId, null, error.Code, new { reason = error.Description }));
        return Answer(context, Message("This request cannot be answered", StatusCodes.Status400BadRequest,
            error.Description, "The application that sent you here made a mistake, or the link is too old. Go back to it and start again."));
    }

    private static Arrived? Answer(HttpContext context, IResult result)
    {
        context.Features.Set(new Answered(result));
        return null;
    }

    private IResult Refuse(HttpContext context, AuthorizationRequest request, SignedInPerson? person, OAuthError error)
    {
        audit.Add(context, new("authorize", request.ClientId, person?.PersonId, error.Code, new { reason = error.Description }));
        return PageForm.SeeOther(context, AuthorizationResponse.Refused(request.RedirectUri, error, request.State, policies.Current.Issuer));
    }

    // A refusal uses the request up, too: nobody else is shown it later.
    private async Task<IResult> DenyAsync(
        HttpContext context, AuthorizationRequest request, PendingConsent kept, SignedInPerson person, string secret, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await PendingConsents.TryTakeAsync(transaction, secret, person.SessionId, cancellationToken)
            || (kept.Pushed is { } pushed && !await new PushedRequests(connection, transaction).TryConsumeAsync(pushed, clock.GetUtcNow(), cancellationToken)))
        {
            return TooLate();
        }
        await transaction.CommitAsync(cancellationToken);
        return Refuse(context, request, person, new(ErrorCodes.AccessDenied, "The person said no."));
    }

    private async Task<IResult> AgreeAsync(
        HttpContext context, Client client, AuthorizationRequest request, PendingConsent kept, SignedInPerson person, AskedOf asked,
        OAuth.Details.AuthorizationDetails? details, string? secret, bool remember, GrantTerms terms,
        CancellationToken cancellationToken)
    {
        var grant = new Grant
        {
            GrantId = "",
            ClientId = client.ClientId,
            Subject = person.PersonId,
            Scopes = asked.Scopes,
            Resources = request.Resources,
            Details = details,
            AuthenticatedAt = person.AuthenticatedAt,
            AuthenticationContext = person.AuthenticationContext,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if ((secret is not null && !await PendingConsents.TryTakeAsync(transaction, secret, person.SessionId, cancellationToken))
            || !await FindPerson.HoldAsync(transaction, person.PersonId, cancellationToken)
            || await IssueCode.RunAsync(transaction, request, grant, kept.Pushed, policies.Current, clock, cancellationToken, terms.TimeZone, terms.Said) is not { } code)
        {
            return TooLate();
        }
        if (remember)
        {
            await RememberedConsents.AddAsync(transaction, person.PersonId, request, clock.GetUtcNow(), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        audit.Add(context, new("authorize", client.ClientId, person.PersonId, null, new { scope = asked.Scopes.ToString(), asked = secret is not null }));
        return PageForm.SeeOther(context, AuthorizationResponse.Granted(request.RedirectUri, code, request.State, policies.Current.Issuer));
    }

    private static RazorComponentResult<ConsentPage> Consent(
        AskedOf asked, AuthorizationRequest request, SignedInPerson person, string secret, IFormCollection? form = null, IReadOnlyDictionary<string, string>? faults = null,
        GrantTerms? terms = null) =>
        new(new
        {
            What = (object)asked,
            Chosen = (object?)terms,
            Person = person,
            Action = DecisionPath,
            Request = secret,
            SendsTo = HostOf(request.RedirectUri),
            OffersToRemember = RememberedConsents.MayRemember(asked.Client, request),
            Typed = TypedFields.Texts(form),
            Ticked = TypedFields.Lists(form),
            Faults = faults ?? new Dictionary<string, string>(),
            Error = faults is null ? null : faults.GetValueOrDefault("") ?? "Please look at what is marked below.",
        })
        { StatusCode = faults is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };

    // Where there is no host, an app on this device is meant, by the name of its scheme.
    private static string HostOf(string redirectUri) => Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri) && uri.Host.Length > 0
        ? RedirectUris.IsLoopback(redirectUri) ? $"{uri.Authority} (a program on this device)" : uri.Authority
        : $"{redirectUri.Split(':')[0]} (an app on this device)";

    private static RazorComponentResult<MessagePage> TooLate() => Message("This page is too old", StatusCodes.Status400BadRequest,
        "It was answered already, its time is over, or it belongs to another session. Nothing was allowed by it just now.", "Go back to the application and start again.");

    private static RazorComponentResult<MessagePage> Message(string title, int status, params string[] text) =>
        new(new { Title = title, Text = (IReadOnlyList<string>)text }) { StatusCode = status };

    private sealed record Answered(IResult Result);
}
