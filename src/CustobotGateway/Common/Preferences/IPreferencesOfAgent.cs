namespace CustobotGateway.Common.Preferences;

/// <summary>Finds the preferences under which an agent acts. Who searches knows no grants, so whoever does registers this.</summary>
public interface IPreferencesOfAgent
{
    /// <summary>Those of the agent's grant, <see cref="BuyingPreferences.None"/> where the person set none; refused where the caller acts under no grant.</summary>
    ValueTask<Outcome<BuyingPreferences>> FindAsync(AgentPrincipal agent, CancellationToken cancellationToken);
}
