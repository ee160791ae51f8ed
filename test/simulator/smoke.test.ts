import { expect, test } from "vitest";
import { Driver, exampleWorld, options } from "/work/main/test/simulator/a-world.ts";
import { describeWorld } from "/work/main/src/simulator/describe-world.ts";
test("smoke", async () => {
  const d = new Driver(exampleWorld());
  for (const [p,...a] of [["cluster","group","/status"],["cluster.exe","node","/status"],["cluster.exe","res","/status"],["cluster.exe","group","Available Storage","/moveto:NODEA","/wait:60"],["whoami.exe","/groups","/fo","csv","/nh"],["hostname"],["reg.exe","query","HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\Products\\461C2B4266EDEF444B864AD6D9E5B613\\Patches","/s"],["sc.exe","qc","MSExchangeIS"]])
    console.log(p,a.join(" "), "\n", (await d.run("NODEB",p!,...a)).out, d.clock.now()-d.world.state.epochMs);
  const c = async (name:string, parameters:any, properties:string[], node="NODEB")=>console.log(name, JSON.stringify(await d.until(d.transports.to(node).cmdlet({kind:"cmdlet",name,parameters,properties}, options()))), d.clock.now()-d.world.state.epochMs);
  await c("Get-ClusteredMailboxServerStatus",{Identity:"EXCLUS1"},["State","OperationalMachines","FailedResources"]);
  await c("Get-StorageGroupCopyStatus",{Server:"EXCLUS1"},["StorageGroupName","SummaryCopyStatus","CopyQueueLength","ReplayQueueLength","LastInspectedLogTime","CCRTargetNode"]);
  await c("Get-MailboxDatabase",{Server:"EXCLUS1",Status:true},["Name","Mounted","LastFullBackup"]);
  console.log(await d.until(d.transports.to("NODEB").put({kind:"put",from:"/x/Exchange2007-KB945684-x64-EN.msp",to:"D:\\ur\\x.msp"},options())), d.clock.now()-d.world.state.epochMs);
  const job = {kind:"job",program:"msiexec.exe",args:["/update","D:\\ur\\x.msp","/quiet","/norestart","/l*vx","D:\\ur\\x.log"],log:"D:\\ur\\x.log"} as const;
  console.log(await d.until(d.transports.to("NODEB").startJob("j1",job,options())));
  for (let i=0;i<16;i++){ await d.pass(120000); console.log(d.world.state.nodes[1]!.jobs[0]!.install!.phase, d.world.state.nodes[1]!.membership, d.world.state.nodes[1]!.jobs[0]!.exitCode); }
  const j=await d.until(d.transports.to("NODEB").jobs({kind:"jobs"},options())); console.log(JSON.stringify(j));
  await c("Get-Item",{LiteralPath:"C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe"},["VersionInfo.FileVersion"]);
  await c("Move-ClusteredMailboxServer",{Identity:"EXCLUS1",TargetMachine:"NODEB",MoveComment:"x",Confirm:false},[]);
  await c("Get-StorageGroupCopyStatus",{Server:"EXCLUS1"},["StorageGroupName","SummaryCopyStatus","CopyQueueLength"]);
  console.log(JSON.stringify(describeWorld(d.world.state),null,1).slice(0,6000));
});
