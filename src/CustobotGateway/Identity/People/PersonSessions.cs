using System.Security.Claims;
using CustobotGateway.Common;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace CustobotGateway.Identity.People;

/// <summary>Who is signed in.</summary>
/// <param name="PersonId"><c>usr_…</c></param>
/// <param name="Email">The address.</param>
/// <param name="Roles">The staff's roles; empty for a principal.</param>
/// <param name="AuthenticatedAt">When the password was given or the passkey used.</param>
/// <param name="SessionId"><c>ses_…</c></param>
public sealed record SignedInPerson(string PersonId, string Email, IReadOnlyList<StaffRole> Roles, DateTimeOffset AuthenticatedAt, string SessionId)
{
    /// <summary>Whether the person is of the staff.</summary>
    public bool IsStaff => Roles.Count > 0;

    /// <summary>The IANA time zone in which the person's days begin.</summary>
    public string TimeZone { get; init; } = ZoneNames.Default;

    /// <summary>How the person proved who they are, for <c>acr</c> (OpenID Connect Core §2).</summary>
    public string AuthenticationContext { get; init; } = PersonPages.PasswordContext;

    /// <summary>How many purchases wait for the person's decision.</summary>
    public int Waiting { get; init; }
}

/// <summary>
/// Sessions of people: a row each, so that they can be ended, and a cookie with a secret of which only the hash is stored. Looked up by the pages that
/// need it and not before every request. The framework's cookie scheme is not used: registering it puts its middleware before every request.
/// </summary>
public sealed class PersonSessions(NpgsqlDataSource database, GatewaySettings settings, PeopleOptions options, TimeProvider clock)
{
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(1);

    private TimeSpan Idle => TimeSpan.FromMinutes(options.IdleMinutes);

    /// <summary>Who is signed in, after <see cref="FindAsync"/> was asked; null if nobody is.</summary>
    public static SignedInPerson? Find(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Looked>()?.Person;
    }

    /// <summary>Who is signed in; null if nobody is. Form tokens of this request are bound to that session.</summary>
    public async ValueTask<SignedInPerson?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<Looked>() is { } looked)
        {
            return looked.Person;
        }
        var person = context.Request.Cookies[CookieName(context)] is { Length: > 0 and <= SecretToken.Longest } secret ? await LookUpAsync(secret, cancellationToken) : null;
        Set(context, person);
        return person;
    }

    /// <summary>Opens a session with a new id and a new secret; what the browser had before ends (session fixation).</summary>
    public async Task<SignedInPerson> OpenAsync(HttpContext context, Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(person);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        return await OpenAsync(context, transaction, person, null, cancellationToken);
    }

    /// <summary>
    /// The same with a passkey, whose use is noted with it. Null if the account is closed or the passkey gone in the meantime, or if it counted no further than
    /// another use that was noted first (WebAuthn §7.2 step 22).
    /// </summary>
    internal async Task<SignedInPerson?> OpenAsync(HttpContext context, Person person, UserPasskeyInfo used, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The account is held first: whoever ends everything on it, or removes the passkey, ends this session too or comes before it.
        if (!await FindPerson.HoldAsync(transaction, person.Id, cancellationToken))
        {
            return null;
        }
        var passkeyId = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition("""
            update identity.passkeys set sign_count = @count, is_backed_up = @IsBackedUp, is_user_verified = is_user_verified or @IsUserVerified, last_used_at = @now
            where credential_id = @CredentialId and person_id = @Id and (sign_count < @count or (sign_count = 0 and @count = 0)) returning id
            """,
            new { used.CredentialId, used.IsBackedUp, used.IsUserVerified, count = (long)used.SignCount, person.Id, now = clock.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        return passkeyId is null ? null : await OpenAsync(context, transaction, person, passkeyId, cancellationToken);
    }

    private async Task<SignedInPerson> OpenAsync(HttpContext context, NpgsqlTransaction transaction, Person person, string? passkeyId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var secret = SecretToken.Create();
        var opened = new SignedInPerson(person.Id, person.Email, person.Roles, now, Ids.New("ses", clock))
        {
            TimeZone = person.TimeZone,
            AuthenticationContext = PersonPages.ContextOf(passkeyId is not null),
        };
        await EndAsync(context, transaction, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into identity.sessions (id, secret_hash, person_id, authenticated_at, seen_at, expires_at, address, user_agent, passkey_id)
            values (@SessionId, @hash, @PersonId, @now, @now, @end, @address::inet, @userAgent, @passkeyId);
            delete from identity.sessions where person_id = @PersonId and (expires_at <= @now or id in (
                select id from identity.sessions where person_id = @PersonId order by authenticated_at desc, id desc offset @MaxSessions))
            """,
            new
            {
                opened.SessionId,
                hash = SecretHash.Of(secret).ToArray(),
                opened.PersonId,
                now,
                end = now + TimeSpan.FromMinutes(options.SessionMinutes),
                options.MaxSessions,
                address = context.Connection.RemoteIpAddress?.ToString(),
                userAgent = OpenSession.Storable(context.Request.Headers.UserAgent.ToString()),
                passkeyId,
            },
            transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        context.Response.Cookies.Append(CookieName(context), secret, CookieFor(context));
        Set(context, opened);
        return opened;
    }

    /// <summary>Ends the session that the browser has.</summary>
    public async Task CloseAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await EndAsync(context, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        context.Response.Cookies.Delete(CookieName(context), CookieFor(context));
        Set(context, null);
    }

    /// <summary>The sessions of a person that are open, the one that was used last first.</summary>
    public async Task<IReadOnlyList<OpenSession>> ListAsync(string personId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Id, string? Address, string? UserAgent, DateTime AuthenticatedAt, DateTime SeenAt)>(new CommandDefinition("""
            select id, host(address), user_agent, authenticated_at, seen_at from identity.sessions
            where person_id = @personId and expires_at > @now and seen_at > @idleSince order by seen_at desc, id desc limit @MaxSessions
            """, new { personId, now, idleSince = now - Idle, options.MaxSessions }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new OpenSession(row.Id, row.Address, row.UserAgent, new DateTimeOffset(row.AuthenticatedAt), new DateTimeOffset(row.SeenAt)))];
    }

    /// <summary>Ends one session of the person; false if the person has none of that id.</summary>
    public async Task<bool> EndOneAsync(string personId, string sessionId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from identity.sessions where person_id = @personId and id = @sessionId", new { personId, sessionId }, cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Ends every session of the person but that one.</summary>
    public async Task EndOthersAsync(string personId, string sessionId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from identity.sessions where person_id = @personId and id <> @sessionId", new { personId, sessionId }, cancellationToken: cancellationToken));
    }

    /// <summary>Ends every session of a person.</summary>
    public static Task EndAllAsync(NpgsqlTransaction transaction, string personId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "delete from identity.sessions where person_id = @personId", new { personId }, transaction, cancellationToken: cancellationToken));
    }

    private Task EndAsync(HttpContext context, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        context.Request.Cookies[CookieName(context)] is { Length: > 0 and <= SecretToken.Longest } secret
            ? transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "delete from identity.sessions where secret_hash = @hash", new { hash = SecretHash.Of(secret).ToArray() }, transaction, cancellationToken: cancellationToken))
            : Task.CompletedTask;

    private async Task<SignedInPerson?> LookUpAsync(string secret, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SessionRow>(new CommandDefinition("""
            select s.id, s.person_id as personid, p.email, p.roles, p.time_zone as timezone, s.authenticated_at as authenticatedat, s.seen_at as seenat, s.passkey_id is not null as withpasskey,
                   (select count(*)::int from identity.approvals a join identity.grants g on g.id = a.grant_id
                    where g.person = p.id and a.state = 'pending' and a.expires_at > @now) as waiting
            from identity.sessions s join identity.people p on p.id = s.person_id
            where s.secret_hash = @hash and s.expires_at > @now and s.seen_at > @idleSince and p.disabled_at is null
            """,
            new { hash = SecretHash.Of(secret).ToArray(), now, idleSince = now - Idle }, cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }
        if (row.SeenAt < now.UtcDateTime - NoteEvery)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "update identity.sessions set seen_at = @now where id = @Id", new { now, row.Id }, cancellationToken: cancellationToken));
        }
        return new(row.PersonId, row.Email, StaffRoles.FromArray(row.Roles), new DateTimeOffset(row.AuthenticatedAt), row.Id)
        {
            TimeZone = row.TimeZone,
            AuthenticationContext = PersonPages.ContextOf(row.WithPasskey),
            Waiting = row.Waiting,
        };
    }

    // The framework binds form tokens to who is authenticated: here to the session, so that a token does not outlive it.
    private static void Set(HttpContext context, SignedInPerson? person)
    {
        context.Features.Set(new Looked(person));
        context.User = new ClaimsPrincipal(person is null ? new ClaimsIdentity() : new ClaimsIdentity([new Claim("sub", person.SessionId)], "session"));
    }

    private bool IsSecure(HttpContext context) => settings.IsPublishedSecurely || context.Request.IsHttps;

    // RFC 6265bis §4.1.3.2: with this prefix no neighbouring host can set the cookie.
    private string CookieName(HttpContext context) => IsSecure(context) ? "__Host-gateway_session" : "gateway_session";

    // Lax, since an authorization request comes from another site and has to find the session; forms are guarded by their tokens.
    private CookieOptions CookieFor(HttpContext context) => new() { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = IsSecure(context) };

    private sealed record Looked(SignedInPerson? Person);

    // Dapper fills it by column name.
    private sealed class SessionRow
    {
        public string Id { get; init; } = "";
        public string PersonId { get; init; } = "";
        public string Email { get; init; } = "";
        public string[] Roles { get; init; } = [];
        public string TimeZone { get; init; } = ZoneNames.Default;
        public DateTime AuthenticatedAt { get; init; }
        public DateTime SeenAt { get; init; }
        public bool WithPasskey { get; init; }
        public int Waiting { get; init; }
    }
}
