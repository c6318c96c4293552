export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "campaign_leads": {
                  Row: {
                    "campaign_id": string,"company_id": string | null,"company_name": string | null,"contact_id": string | null,"created_at": string,"email": string | null,"email_hash": string | null,"error_code": string | null,"error_message": string | null,"full_name": string | null,"id": string,"owner_id": string,"personal_line": string | null,"position": number,"provider_lead_id": string | null,"revision": number,"sent_at": string | null,"session_id": string,"status": string,"updated_at": string,"variables": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "campaign_id": string,"company_id"?: string | null,"company_name"?: string | null,"contact_id"?: string | null,"created_at"?: string,"email"?: string | null,"email_hash"?: never,"error_code"?: string | null,"error_message"?: string | null,"full_name"?: string | null,"id"?: string,"owner_id": string,"personal_line"?: string | null,"position"?: number,"provider_lead_id"?: string | null,"revision"?: number,"sent_at"?: string | null,"session_id": string,"status"?: string,"updated_at"?: string,"variables"?: NonNullable<Json>
                  }
                  Update: {
                    "campaign_id"?: string,"company_id"?: string | null,"company_name"?: string | null,"contact_id"?: string | null,"created_at"?: string,"email"?: string | null,"email_hash"?: never,"error_code"?: string | null,"error_message"?: string | null,"full_name"?: string | null,"id"?: string,"owner_id"?: string,"personal_line"?: string | null,"position"?: number,"provider_lead_id"?: string | null,"revision"?: number,"sent_at"?: string | null,"session_id"?: string,"status"?: string,"updated_at"?: string,"variables"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "campaign_leads_campaign_id_fkey"
      columns: ["campaign_id"]
isOneToOne: false
      referencedRelation: "campaigns"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "campaign_leads_contact_id_fkey"
      columns: ["contact_id"]
isOneToOne: false
      referencedRelation: "contacts"
      referencedColumns: ["id"]
    }
                  ]
                },"campaign_texts": {
                  Row: {
                    "body": string,"campaign_id": string,"owner_id": string,"personal_line": string,"sender": NonNullable<Json>,"subject": string,"unsubscribe_text": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "body"?: string,"campaign_id": string,"owner_id": string,"personal_line"?: string,"sender"?: NonNullable<Json>,"subject"?: string,"unsubscribe_text"?: string,"updated_at"?: string
                  }
                  Update: {
                    "body"?: string,"campaign_id"?: string,"owner_id"?: string,"personal_line"?: string,"sender"?: NonNullable<Json>,"subject"?: string,"unsubscribe_text"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "campaign_texts_campaign_id_fkey"
      columns: ["campaign_id"]
isOneToOne: true
      referencedRelation: "campaigns"
      referencedColumns: ["id"]
    }
                  ]
                },"campaigns": {
                  Row: {
                    "channel": string,"cost": number,"created_at": string,"error_code": string | null,"error_message": string | null,"id": string,"leads_failed": number,"leads_ready": number,"leads_replied": number,"leads_sent": number,"leads_total": number,"name": string,"owner_id": string,"provider_campaign_id": string | null,"revision": number,"session_id": string,"status": string,"step": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "channel"?: string,"cost"?: number,"created_at"?: string,"error_code"?: string | null,"error_message"?: string | null,"id"?: string,"leads_failed"?: number,"leads_ready"?: number,"leads_replied"?: number,"leads_sent"?: number,"leads_total"?: number,"name": string,"owner_id": string,"provider_campaign_id"?: string | null,"revision"?: number,"session_id": string,"status"?: string,"step"?: string,"updated_at"?: string
                  }
                  Update: {
                    "channel"?: string,"cost"?: number,"created_at"?: string,"error_code"?: string | null,"error_message"?: string | null,"id"?: string,"leads_failed"?: number,"leads_ready"?: number,"leads_replied"?: number,"leads_sent"?: number,"leads_total"?: number,"name"?: string,"owner_id"?: string,"provider_campaign_id"?: string | null,"revision"?: number,"session_id"?: string,"status"?: string,"step"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "campaigns_session_id_fkey"
      columns: ["session_id"]
isOneToOne: false
      referencedRelation: "otis_workflow_sessions"
      referencedColumns: ["id"]
    }
                  ]
                },"client_metrics": {
                  Row: {
                    "created_at": string,"dropped_frames": number,"gaps_healed": number,"id": number,"latency_p50_ms": number | null,"latency_p95_ms": number | null,"owner_id": string,"reconnects": number,"requests": number,"session_id": string | null,"transport": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"dropped_frames"?: number,"gaps_healed"?: number,"id"?: never,"latency_p50_ms"?: number | null,"latency_p95_ms"?: number | null,"owner_id"?: string,"reconnects"?: number,"requests"?: number,"session_id"?: string | null,"transport": string
                  }
                  Update: {
                    "created_at"?: string,"dropped_frames"?: number,"gaps_healed"?: number,"id"?: never,"latency_p50_ms"?: number | null,"latency_p95_ms"?: number | null,"owner_id"?: string,"reconnects"?: number,"requests"?: number,"session_id"?: string | null,"transport"?: string
                  }
                  Relationships: [
                    
                  ]
                },"companies": {
                  Row: {
                    "address": string | null,"city": string | null,"country": string | null,"created_at": string,"description": string | null,"domain": string | null,"employees": number | null,"enriched_at": string | null,"id": string,"industry": string | null,"logo_url": string | null,"name": string,"normalised_name": string,"owner_id": string,"updated_at": string,"website_url": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"city"?: string | null,"country"?: string | null,"created_at"?: string,"description"?: string | null,"domain"?: string | null,"employees"?: number | null,"enriched_at"?: string | null,"id"?: string,"industry"?: string | null,"logo_url"?: string | null,"name": string,"normalised_name": string,"owner_id": string,"updated_at"?: string,"website_url"?: string | null
                  }
                  Update: {
                    "address"?: string | null,"city"?: string | null,"country"?: string | null,"created_at"?: string,"description"?: string | null,"domain"?: string | null,"employees"?: number | null,"enriched_at"?: string | null,"id"?: string,"industry"?: string | null,"logo_url"?: string | null,"name"?: string,"normalised_name"?: string,"owner_id"?: string,"updated_at"?: string,"website_url"?: string | null
                  }
                  Relationships: [
                    
                  ]
                },"company_facts": {
                  Row: {
                    "company_id": string,"confidence": number,"cost": number,"found_at": string,"id": string,"key": string,"method": string | null,"owner_id": string,"provider": string,"source_url": string | null,"value": string
                  }
                  ComputedFields: never
                  Insert: {
                    "company_id": string,"confidence": number,"cost"?: number,"found_at"?: string,"id"?: string,"key": string,"method"?: string | null,"owner_id": string,"provider": string,"source_url"?: string | null,"value": string
                  }
                  Update: {
                    "company_id"?: string,"confidence"?: number,"cost"?: number,"found_at"?: string,"id"?: string,"key"?: string,"method"?: string | null,"owner_id"?: string,"provider"?: string,"source_url"?: string | null,"value"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "company_facts_company_id_fkey"
      columns: ["company_id"]
isOneToOne: false
      referencedRelation: "companies"
      referencedColumns: ["id"]
    }
                  ]
                },"contacts": {
                  Row: {
                    "company_id": string,"confidence": number,"cost": number,"email": string | null,"email_hash": string | null,"email_status": string | null,"found_at": string,"full_name": string | null,"id": string,"kind": string,"lawful_basis": string,"linkedin_url": string | null,"method": string | null,"owner_id": string,"phone": string | null,"provider": string,"retain_until": string,"role": string | null,"source_url": string | null,"value_key": string
                  }
                  ComputedFields: never
                  Insert: {
                    "company_id": string,"confidence": number,"cost"?: number,"email"?: string | null,"email_hash"?: never,"email_status"?: string | null,"found_at"?: string,"full_name"?: string | null,"id"?: string,"kind": string,"lawful_basis"?: string,"linkedin_url"?: string | null,"method"?: string | null,"owner_id": string,"phone"?: string | null,"provider": string,"retain_until"?: string,"role"?: string | null,"source_url"?: string | null,"value_key": string
                  }
                  Update: {
                    "company_id"?: string,"confidence"?: number,"cost"?: number,"email"?: string | null,"email_hash"?: never,"email_status"?: string | null,"found_at"?: string,"full_name"?: string | null,"id"?: string,"kind"?: string,"lawful_basis"?: string,"linkedin_url"?: string | null,"method"?: string | null,"owner_id"?: string,"phone"?: string | null,"provider"?: string,"retain_until"?: string,"role"?: string | null,"source_url"?: string | null,"value_key"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "contacts_company_id_fkey"
      columns: ["company_id"]
isOneToOne: false
      referencedRelation: "companies"
      referencedColumns: ["id"]
    }
                  ]
                },"enrichment_batches": {
                  Row: {
                    "completed": number,"cost_ceiling": number,"cost_spent": number,"created_at": string,"credits_saved": number,"failed": number,"finished_at": string | null,"id": string,"owner_id": string,"priority": number,"providers": NonNullable<Json>,"revision": number,"session_id": string,"started_at": string | null,"status": string,"total": number,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "completed"?: number,"cost_ceiling"?: number,"cost_spent"?: number,"created_at"?: string,"credits_saved"?: number,"failed"?: number,"finished_at"?: string | null,"id"?: string,"owner_id": string,"priority"?: number,"providers"?: NonNullable<Json>,"revision"?: number,"session_id": string,"started_at"?: string | null,"status"?: string,"total"?: number,"updated_at"?: string
                  }
                  Update: {
                    "completed"?: number,"cost_ceiling"?: number,"cost_spent"?: number,"created_at"?: string,"credits_saved"?: number,"failed"?: number,"finished_at"?: string | null,"id"?: string,"owner_id"?: string,"priority"?: number,"providers"?: NonNullable<Json>,"revision"?: number,"session_id"?: string,"started_at"?: string | null,"status"?: string,"total"?: number,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "enrichment_batches_session_id_fkey"
      columns: ["session_id"]
isOneToOne: false
      referencedRelation: "otis_workflow_sessions"
      referencedColumns: ["id"]
    }
                  ]
                },"enrichment_status": {
                  Row: {
                    "attempts": number,"batch_id": string,"company_id": string,"cost": number,"created_at": string,"emails_found": number,"error_code": string | null,"error_message": string | null,"finished_at": string | null,"id": string,"owner_id": string,"people_found": number,"phones_found": number,"provider": string | null,"revision": number,"session_id": string,"started_at": string | null,"status": string,"step": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "attempts"?: number,"batch_id": string,"company_id": string,"cost"?: number,"created_at"?: string,"emails_found"?: number,"error_code"?: string | null,"error_message"?: string | null,"finished_at"?: string | null,"id"?: string,"owner_id": string,"people_found"?: number,"phones_found"?: number,"provider"?: string | null,"revision"?: number,"session_id": string,"started_at"?: string | null,"status"?: string,"step"?: string,"updated_at"?: string
                  }
                  Update: {
                    "attempts"?: number,"batch_id"?: string,"company_id"?: string,"cost"?: number,"created_at"?: string,"emails_found"?: number,"error_code"?: string | null,"error_message"?: string | null,"finished_at"?: string | null,"id"?: string,"owner_id"?: string,"people_found"?: number,"phones_found"?: number,"provider"?: string | null,"revision"?: number,"session_id"?: string,"started_at"?: string | null,"status"?: string,"step"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "enrichment_status_batch_id_fkey"
      columns: ["batch_id"]
isOneToOne: false
      referencedRelation: "enrichment_batches"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "enrichment_status_company"
      columns: ["session_id","company_id"]
isOneToOne: false
      referencedRelation: "session_companies"
      referencedColumns: ["session_id","company_id"]
    }
                  ]
                },"feature_flags": {
                  Row: {
                    "description": string,"enabled": boolean,"key": string,"rollout_percent": number,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "description"?: string,"enabled"?: boolean,"key": string,"rollout_percent"?: number,"updated_at"?: string
                  }
                  Update: {
                    "description"?: string,"enabled"?: boolean,"key"?: string,"rollout_percent"?: number,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"job_posting_sources": {
                  Row: {
                    "external_id": string | null,"first_seen_at": string,"gone_at": string | null,"last_seen_run": string,"owner_id": string,"posting_id": string,"session_id": string,"source_key": string,"source_kind": string,"url": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "external_id"?: string | null,"first_seen_at"?: string,"gone_at"?: string | null,"last_seen_run": string,"owner_id": string,"posting_id": string,"session_id": string,"source_key": string,"source_kind": string,"url"?: string | null
                  }
                  Update: {
                    "external_id"?: string | null,"first_seen_at"?: string,"gone_at"?: string | null,"last_seen_run"?: string,"owner_id"?: string,"posting_id"?: string,"session_id"?: string,"source_key"?: string,"source_kind"?: string,"url"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "job_posting_sources_posting_id_fkey"
      columns: ["posting_id"]
isOneToOne: false
      referencedRelation: "job_postings"
      referencedColumns: ["id"]
    }
                  ]
                },"job_posting_texts": {
                  Row: {
                    "description_html": string,"description_text": string,"owner_id": string,"posting_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "description_html"?: string,"description_text"?: string,"owner_id": string,"posting_id": string
                  }
                  Update: {
                    "description_html"?: string,"description_text"?: string,"owner_id"?: string,"posting_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "job_posting_texts_posting_id_fkey"
      columns: ["posting_id"]
isOneToOne: true
      referencedRelation: "job_postings"
      referencedColumns: ["id"]
    }
                  ]
                },"job_postings": {
                  Row: {
                    "city": string | null,"closed_at": string | null,"company_id": string,"country": string | null,"created_at": string,"dedupe_key": string,"department": string | null,"employment_type": string | null,"id": string,"location": string | null,"owner_id": string,"posted_at": string | null,"region": string | null,"revision": number,"run_id": string,"salary_currency": string | null,"salary_max": number | null,"salary_min": number | null,"salary_period": string | null,"session_id": string,"sources": (string)[],"status": string,"title": string,"updated_at": string,"url": string | null,"valid_through": string | null,"workplace": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "city"?: string | null,"closed_at"?: string | null,"company_id": string,"country"?: string | null,"created_at"?: string,"dedupe_key": string,"department"?: string | null,"employment_type"?: string | null,"id"?: string,"location"?: string | null,"owner_id": string,"posted_at"?: string | null,"region"?: string | null,"revision"?: number,"run_id": string,"salary_currency"?: string | null,"salary_max"?: number | null,"salary_min"?: number | null,"salary_period"?: string | null,"session_id": string,"sources"?: (string)[],"status"?: string,"title": string,"updated_at"?: string,"url"?: string | null,"valid_through"?: string | null,"workplace"?: string | null
                  }
                  Update: {
                    "city"?: string | null,"closed_at"?: string | null,"company_id"?: string,"country"?: string | null,"created_at"?: string,"dedupe_key"?: string,"department"?: string | null,"employment_type"?: string | null,"id"?: string,"location"?: string | null,"owner_id"?: string,"posted_at"?: string | null,"region"?: string | null,"revision"?: number,"run_id"?: string,"salary_currency"?: string | null,"salary_max"?: number | null,"salary_min"?: number | null,"salary_period"?: string | null,"session_id"?: string,"sources"?: (string)[],"status"?: string,"title"?: string,"updated_at"?: string,"url"?: string | null,"valid_through"?: string | null,"workplace"?: string | null
                  }
                  Relationships: [
                    
                  ]
                },"notifications": {
                  Row: {
                    "body": string,"created_at": string,"id": string,"kind": string,"link": string | null,"owner_id": string,"read_at": string | null,"revision": number,"session_id": string | null,"title": string
                  }
                  ComputedFields: never
                  Insert: {
                    "body"?: string,"created_at"?: string,"id"?: string,"kind": string,"link"?: string | null,"owner_id": string,"read_at"?: string | null,"revision"?: number,"session_id"?: string | null,"title": string
                  }
                  Update: {
                    "body"?: string,"created_at"?: string,"id"?: string,"kind"?: string,"link"?: string | null,"owner_id"?: string,"read_at"?: string | null,"revision"?: number,"session_id"?: string | null,"title"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "notifications_session_id_fkey"
      columns: ["session_id"]
isOneToOne: false
      referencedRelation: "otis_workflow_sessions"
      referencedColumns: ["id"]
    }
                  ]
                },"otis_inboxes": {
                  Row: {
                    "owner_id": string,"revision": number,"unread_count": number,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "owner_id": string,"revision"?: number,"unread_count"?: number,"updated_at"?: string
                  }
                  Update: {
                    "owner_id"?: string,"revision"?: number,"unread_count"?: number,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"otis_progress_events": {
                  Row: {
                    "created_at": string,"event_data": NonNullable<Json>,"event_type": string,"id": string,"level": string,"message": string,"owner_id": string,"revision": number,"session_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"event_data"?: NonNullable<Json>,"event_type": string,"id"?: string,"level"?: string,"message": string,"owner_id": string,"revision"?: number,"session_id": string
                  }
                  Update: {
                    "created_at"?: string,"event_data"?: NonNullable<Json>,"event_type"?: string,"id"?: string,"level"?: string,"message"?: string,"owner_id"?: string,"revision"?: number,"session_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "otis_progress_events_session_id_fkey"
      columns: ["session_id"]
isOneToOne: false
      referencedRelation: "otis_workflow_sessions"
      referencedColumns: ["id"]
    }
                  ]
                },"otis_workflow_data": {
                  Row: {
                    "created_at": string,"data": NonNullable<Json>,"id": string,"owner_id": string,"session_id": string,"stage": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"data"?: NonNullable<Json>,"id"?: string,"owner_id"?: string,"session_id": string,"stage": string,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"data"?: NonNullable<Json>,"id"?: string,"owner_id"?: string,"session_id"?: string,"stage"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "otis_workflow_data_session_id_fkey"
      columns: ["session_id"]
isOneToOne: false
      referencedRelation: "otis_workflow_sessions"
      referencedColumns: ["id"]
    }
                  ]
                },"otis_workflow_sessions": {
                  Row: {
                    "archived_at": string | null,"auto_advance": boolean,"companies_count": number,"created_at": string,"current_stage": string,"enrichment_completed": number,"enrichment_failed": number,"enrichment_total": number,"expires_at": string,"id": string,"jobs_count": number,"last_activity_at": string,"leads_sent": number,"leads_total": number,"name": string,"owner_id": string,"revision": number,"runs_finished": number,"runs_total": number,"selected_count": number,"status": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"auto_advance"?: boolean,"companies_count"?: number,"created_at"?: string,"current_stage"?: string,"enrichment_completed"?: number,"enrichment_failed"?: number,"enrichment_total"?: number,"expires_at"?: string,"id"?: string,"jobs_count"?: number,"last_activity_at"?: string,"leads_sent"?: number,"leads_total"?: number,"name"?: string,"owner_id"?: string,"revision"?: number,"runs_finished"?: number,"runs_total"?: number,"selected_count"?: number,"status"?: string,"updated_at"?: string
                  }
                  Update: {
                    "archived_at"?: string | null,"auto_advance"?: boolean,"companies_count"?: number,"created_at"?: string,"current_stage"?: string,"enrichment_completed"?: number,"enrichment_failed"?: number,"enrichment_total"?: number,"expires_at"?: string,"id"?: string,"jobs_count"?: number,"last_activity_at"?: string,"leads_sent"?: number,"leads_total"?: number,"name"?: string,"owner_id"?: string,"revision"?: number,"runs_finished"?: number,"runs_total"?: number,"selected_count"?: number,"status"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"saved_searches": {
                  Row: {
                    "active": boolean,"created_at": string,"id": string,"last_matched_at": string | null,"name": string,"owner_id": string,"query": NonNullable<Json>,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "active"?: boolean,"created_at"?: string,"id"?: string,"last_matched_at"?: string | null,"name": string,"owner_id"?: string,"query"?: NonNullable<Json>,"updated_at"?: string
                  }
                  Update: {
                    "active"?: boolean,"created_at"?: string,"id"?: string,"last_matched_at"?: string | null,"name"?: string,"owner_id"?: string,"query"?: NonNullable<Json>,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"scraping_runs": {
                  Row: {
                    "config": NonNullable<Json>,"cost_usd": number,"created_at": string,"error_code": string | null,"error_message": string | null,"errors_count": number,"finished_at": string | null,"id": string,"items_done": number,"items_found": number,"items_seen": number,"items_total": number | null,"outcome": string | null,"owner_id": string,"percent": number,"priority": number,"revision": number,"session_id": string,"source_key": string,"source_kind": string,"source_label": string,"started_at": string | null,"status": string,"step": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "config"?: NonNullable<Json>,"cost_usd"?: number,"created_at"?: string,"error_code"?: string | null,"error_message"?: string | null,"errors_count"?: number,"finished_at"?: string | null,"id"?: string,"items_done"?: number,"items_found"?: number,"items_seen"?: number,"items_total"?: number | null,"outcome"?: string | null,"owner_id": string,"percent"?: number,"priority"?: number,"revision"?: number,"session_id": string,"source_key": string,"source_kind": string,"source_label": string,"started_at"?: string | null,"status"?: string,"step"?: string,"updated_at"?: string
                  }
                  Update: {
                    "config"?: NonNullable<Json>,"cost_usd"?: number,"created_at"?: string,"error_code"?: string | null,"error_message"?: string | null,"errors_count"?: number,"finished_at"?: string | null,"id"?: string,"items_done"?: number,"items_found"?: number,"items_seen"?: number,"items_total"?: number | null,"outcome"?: string | null,"owner_id"?: string,"percent"?: number,"priority"?: number,"revision"?: number,"session_id"?: string,"source_key"?: string,"source_kind"?: string,"source_label"?: string,"started_at"?: string | null,"status"?: string,"step"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "scraping_runs_session_id_fkey"
      columns: ["session_id"]
isOneToOne: false
      referencedRelation: "otis_workflow_sessions"
      referencedColumns: ["id"]
    }
                  ]
                },"session_companies": {
                  Row: {
                    "city": string | null,"company_id": string,"country": string | null,"created_at": string,"domain": string | null,"emails_count": number,"employees": number | null,"enriched_at": string | null,"id": string,"industry": string | null,"jobs_count": number,"lead_status": string,"name": string,"owner_id": string,"people_count": number,"phones_count": number,"revision": number,"selected": boolean,"session_id": string,"status": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "city"?: string | null,"company_id": string,"country"?: string | null,"created_at"?: string,"domain"?: string | null,"emails_count"?: number,"employees"?: number | null,"enriched_at"?: string | null,"id"?: string,"industry"?: string | null,"jobs_count"?: number,"lead_status"?: string,"name": string,"owner_id": string,"people_count"?: number,"phones_count"?: number,"revision"?: number,"selected"?: boolean,"session_id": string,"status"?: string,"updated_at"?: string
                  }
                  Update: {
                    "city"?: string | null,"company_id"?: string,"country"?: string | null,"created_at"?: string,"domain"?: string | null,"emails_count"?: number,"employees"?: number | null,"enriched_at"?: string | null,"id"?: string,"industry"?: string | null,"jobs_count"?: number,"lead_status"?: string,"name"?: string,"owner_id"?: string,"people_count"?: number,"phones_count"?: number,"revision"?: number,"selected"?: boolean,"session_id"?: string,"status"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "session_companies_company_id_fkey"
      columns: ["company_id"]
isOneToOne: false
      referencedRelation: "companies"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "session_companies_session_id_fkey"
      columns: ["session_id"]
isOneToOne: false
      referencedRelation: "otis_workflow_sessions"
      referencedColumns: ["id"]
    }
                  ]
                },"suppressions": {
                  Row: {
                    "created_at": string,"domain": string | null,"email_hash": string | null,"id": string,"kind": string,"owner_id": string,"reason": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"domain"?: string | null,"email_hash"?: string | null,"id"?: string,"kind": string,"owner_id"?: string,"reason"?: string
                  }
                  Update: {
                    "created_at"?: string,"domain"?: string | null,"email_hash"?: string | null,"id"?: string,"kind"?: string,"owner_id"?: string,"reason"?: string
                  }
                  Relationships: [
                    
                  ]
                },"uploads": {
                  Row: {
                    "chunks": number,"complete": boolean,"created_at": string,"id": string,"name": string,"owner_id": string,"size_bytes": number
                  }
                  ComputedFields: never
                  Insert: {
                    "chunks"?: number,"complete"?: boolean,"created_at"?: string,"id"?: string,"name": string,"owner_id"?: string,"size_bytes"?: number
                  }
                  Update: {
                    "chunks"?: number,"complete"?: boolean,"created_at"?: string,"id"?: string,"name"?: string,"owner_id"?: string,"size_bytes"?: number
                  }
                  Relationships: [
                    
                  ]
                },"webhook_connections": {
                  Row: {
                    "created_at": string,"id": string,"last_received_at": string | null,"owner_id": string,"provider": string,"secret_hash": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"id"?: string,"last_received_at"?: string | null,"owner_id": string,"provider": string,"secret_hash": string
                  }
                  Update: {
                    "created_at"?: string,"id"?: string,"last_received_at"?: string | null,"owner_id"?: string,"provider"?: string,"secret_hash"?: string
                  }
                  Relationships: [
                    
                  ]
                }
          }
          Views: {
            [_ in never]: never
          }
          Functions: {
            "activate_campaign":
{ Args: { "p_campaign_id": string }; Returns: Json
                           },
"add_leads":
{ Args: { "p_campaign_id": string,"p_company_ids"?: (string)[],"p_per_company"?: number }; Returns: Json
                           },
"append_upload":
{ Args: { "p_base64": string,"p_last": boolean,"p_name": string,"p_seq": number,"p_upload_id": string }; Returns: Json
                           },
"archive_session":
{ Args: { "p_archived"?: boolean,"p_session_id": string }; Returns: Json
                           },
"begin_mutation":
{ Args: { "p_action": string,"p_key": string,"p_request_hash": string }; Returns: Json
                           },
"bottlenecks":
{ Args: { "p_session_id": string }; Returns: Json
                           },
"cancel":
{ Args: { "p_id": string,"p_target": string }; Returns: Json
                           },
"create_campaign":
{ Args: { "p_channel"?: string,"p_company_ids"?: (string)[],"p_name": string,"p_session_id": string,"p_texts"?: Json }; Returns: Json
                           },
"create_session":
{ Args: { "p_name"?: string }; Returns: Json
                           },
"create_webhook":
{ Args: { "p_provider": string }; Returns: Json
                           },
"duplicate_session":
{ Args: { "p_session_id": string }; Returns: Json
                           },
"edit_campaign":
{ Args: { "p_campaign_id": string,"p_name"?: string,"p_texts"?: Json }; Returns: Json
                           },
"erase_person":
{ Args: { "p_email": string }; Returns: Json
                           },
"eta":
{ Args: { "p_session_id": string }; Returns: Json
                           },
"finish_mutation":
{ Args: { "p_key": string,"p_response": Json }; Returns: undefined
                           },
"forecast_work":
{ Args: { "p_work": Json }; Returns: Json
                           },
"import_leads":
{ Args: { "p_campaign_id": string,"p_upload_id": string }; Returns: Json
                           },
"inbox_changes":
{ Args: { "p_limit"?: number,"p_since"?: number }; Returns: Json
                           },
"include_leads":
{ Args: { "p_campaign_id": string,"p_included": boolean,"p_lead_ids": (string)[] }; Returns: Json
                           },
"is_suppressed":
{ Args: { "p_company"?: string,"p_email": string }; Returns: boolean
                           },
"lead_values":
{ Args: { "p_campaign_id": string,"p_lead_ids"?: (string)[],"p_limit"?: number }; Returns: {
              "email": string,"lead_id": string,"said": Json
            }[]
                           },
"live_flags":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"mark_read":
{ Args: { "p_notification_ids"?: (string)[] }; Returns: Json
                           },
"pause":
{ Args: { "p_id": string,"p_target": string }; Returns: Json
                           },
"prepare_campaign":
{ Args: { "p_campaign_id": string,"p_method"?: string }; Returns: Json
                           },
"push_campaign":
{ Args: { "p_campaign_id": string }; Returns: Json
                           },
"refresh_analytics":
{ Args: { "p_campaign_id": string }; Returns: Json
                           },
"remove_companies":
{ Args: { "p_company_ids": (string)[],"p_removed"?: boolean,"p_session_id": string }; Returns: Json
                           },
"rename_session":
{ Args: { "p_name": string,"p_session_id": string }; Returns: Json
                           },
"resume":
{ Args: { "p_id": string,"p_target": string }; Returns: Json
                           },
"retry":
{ Args: { "p_id": string,"p_target": string }; Returns: Json
                           },
"select_companies":
{ Args: { "p_company_ids": (string)[],"p_selected": boolean,"p_session_id": string }; Returns: Json
                           },
"session_changes":
{ Args: { "p_limit"?: number,"p_session_id": string,"p_since"?: number }; Returns: Json
                           },
"session_first_rows":
{ Args: { "p_session_id": string }; Returns: Json
                           },
"session_results":
{ Args: { "p_session_id": string }; Returns: {
              "cost": number,"failed": number,"found": number,"name": string,"part": string,"seconds": number
            }[]
                           },
"session_snapshot":
{ Args: { "p_session_id": string }; Returns: Json
                           },
"set_lead":
{ Args: { "p_lead_id": string,"p_personal_line": string }; Returns: Json
                           },
"set_lead_status":
{ Args: { "p_company_ids": (string)[],"p_lead_status": string,"p_session_id": string }; Returns: Json
                           },
"set_priority":
{ Args: { "p_id": string,"p_priority": number,"p_target": string }; Returns: Json
                           },
"set_stage":
{ Args: { "p_session_id": string,"p_stage": string }; Returns: Json
                           },
"source_seconds":
{ Args: { "p_kinds": (string)[],"p_session_id": string }; Returns: Json
                           },
"start_enrichment":
{ Args: { "p_company_ids"?: (string)[],"p_cost_ceiling"?: number,"p_providers"?: Json,"p_session_id": string }; Returns: Json
                           },
"start_scraping":
{ Args: { "p_session_id": string,"p_sources": Json }; Returns: Json
                           },
"suppress":
{ Args: { "p_domains"?: (string)[],"p_emails"?: (string)[],"p_reason"?: string }; Returns: Json
                           },
"why_waiting":
{ Args: { "p_id": string,"p_target": string }; Returns: Json
                           }
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            [_ in never]: never
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "public": {
          Enums: {
            
          }
        }
} as const
